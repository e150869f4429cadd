/**
 * Where each row of a long list stands: the heights that were measured, by key, and an estimate for all others. Rows
 * may come and go at both ends; what was measured of them is kept.
 */
export class Offsets {
  private rows: readonly { readonly key: string }[] = [];
  private readonly heights = new Map<string, number>();
  private indexes: Map<string, number> | null = null;
  private starts = new Float64Array(1);
  /** from this row on the starts are to be summed up again */
  private dirtyFrom = 0;
  private sum = 0;

  constructor(private readonly estimate: number) {}

  get count(): number {
    return this.rows.length;
  }

  setRows(rows: readonly { readonly key: string }[]): void {
    const before = this.rows;
    const end = Math.min(rows.length, before.length);
    let same = 0;
    while (same < end && (rows[same] === before[same] || rows[same]!.key === before[same]!.key)) {
      same++;
    }
    this.rows = rows;
    this.dirtyFrom = Math.min(this.dirtyFrom, same);
    if (this.starts.length < rows.length + 1) {
      const starts = new Float64Array(Math.ceil((rows.length + 1) * 1.5));
      starts.set(this.starts);
      this.starts = starts;
    }
    if (same < before.length / 2) {
      this.indexes = null;
    } else if (this.indexes) {
      for (let i = same; i < before.length; i++) {
        this.indexes.delete(before[i]!.key);
      }
      for (let i = same; i < rows.length; i++) {
        this.indexes.set(rows[i]!.key, i);
      }
    }
  }

  /** Notes how high a row is; false if that was known. */
  measure(key: string, height: number): boolean {
    const known = this.heights.get(key);
    if (known === height) {
      return false;
    }
    this.heights.set(key, height);
    this.sum += height - (known ?? 0);
    const index = this.indexOf(key);
    if (index !== -1) {
      this.dirtyFrom = Math.min(this.dirtyFrom, index);
    }
    return true;
  }

  /** Forgets all heights, as when the list has another width. */
  forget(): void {
    this.heights.clear();
    this.sum = 0;
    this.dirtyFrom = 0;
  }

  indexOf(key: string): number {
    if (this.indexes === null) {
      this.indexes = new Map(this.rows.map(({ key }, index) => [key, index]));
    }
    return this.indexes.get(key) ?? -1;
  }

  keyAt(index: number): string | undefined {
    return this.rows[index]?.key;
  }

  /** Where a row begins; behind the last one, where the list ends. */
  start(index: number): number {
    this.sumUp();
    return this.starts[Math.max(0, Math.min(index, this.rows.length))] ?? 0;
  }

  get total(): number {
    return this.start(this.rows.length);
  }

  /** The row that covers this place. */
  indexAt(offset: number): number {
    this.sumUp();
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private sumUp(): void {
    if (this.dirtyFrom >= this.rows.length) {
      return;
    }
    // What is not measured yet is most likely as high as what is.
    const usual = this.heights.size < 10 ? this.estimate : this.sum / this.heights.size;
    let at = this.dirtyFrom === 0 ? 0 : this.starts[this.dirtyFrom]!;
    for (let i = this.dirtyFrom; i < this.rows.length; i++) {
      this.starts[i] = at;
      at += this.heights.get(this.rows[i]!.key) ?? usual;
    }
    this.starts[this.rows.length] = at;
    this.dirtyFrom = this.rows.length;
  }
}
