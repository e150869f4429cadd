import type { ComponentChildren } from "preact";
import { Component, createRef } from "preact";
import { Offsets } from "./offsets.js";
import type { Row } from "./rows.js";

export interface LogProps {
  label: string;
  /** holds the log while it is drawn */
  handle: { current: Log | null };
  rows: readonly Row[];
  draw: (row: Row) => ComponentChildren;
  /** the row to begin at; the end if null */
  startAt: string | null;
  /** whether the rows reach the end of the conversation */
  reachesEnd: boolean;
  onNearStart: () => void;
  onNearEnd: () => void;
  /** told when the end comes into sight or leaves it */
  onEnd: (visible: boolean) => void;
}

const ESTIMATE_PX = 56;
/** drawn beyond what is seen, on either side */
const OVERSCAN_PX = 700;
const NEAR_PX = 900;
const AT_END_PX = 48;
const SETTLES_MAX = 6;

/**
 * The messages, of which only those near what is seen are in the document. What is seen keeps its place, whatever comes
 * or grows before it: the first visible message is the anchor, and where the end is in sight, the end is.
 */
export class Log extends Component<LogProps> {
  private readonly scroller = createRef<HTMLDivElement>();
  private readonly whole = createRef<HTMLDivElement>();
  private readonly part = createRef<HTMLDivElement>();
  private readonly offsets = new Offsets(ESTIMATE_PX);
  private keysOf: readonly Row[] | null = null;
  private range = { from: 0, to: 0 };
  private anchor: { key: string; delta: number } | null = null;
  private atEnd = true;
  private width = 0;
  private settling = 0;
  private marked: string | null = null;
  private resizes: ResizeObserver | null = null;

  override componentDidMount(): void {
    const scroller = this.scroller.current!;
    this.props.handle.current = this;
    this.width = scroller.clientWidth;
    this.resizes = new ResizeObserver(() => this.resized());
    this.resizes.observe(scroller);
    this.resizes.observe(this.part.current!);
    if (this.props.startAt !== null && this.offsets.indexOf(this.props.startAt) !== -1) {
      this.atEnd = false;
      this.anchor = { key: this.props.startAt, delta: -scroller.clientHeight / 3 };
    }
    this.settle();
    this.look();
  }

  override componentDidUpdate(): void {
    this.settle();
    this.look();
  }

  override componentWillUnmount(): void {
    this.resizes?.disconnect();
    if (this.props.handle.current === this) {
      this.props.handle.current = null;
    }
  }

  /** Shows the end, and stays there. */
  toEnd(): void {
    this.atEnd = true;
    this.anchor = null;
    this.settle();
    this.props.onEnd(true);
  }

  /** Shows a row, and marks it for a moment. */
  toRow(key: string): void {
    requestAnimationFrame(() => {
      const scroller = this.scroller.current;
      if (scroller === null || this.offsets.indexOf(key) === -1) {
        return;
      }
      this.atEnd = false;
      this.anchor = { key, delta: -scroller.clientHeight / 3 };
      this.marked = key;
      this.props.onEnd(false);
      this.forceUpdate(() => this.scrolled());
    });
  }

  private readonly unmark = (): void => {
    this.marked = null;
  };

  private resized(): void {
    const scroller = this.scroller.current;
    if (scroller !== null && scroller.clientWidth !== this.width) {
      this.width = scroller.clientWidth;
      this.offsets.forget();
    }
    this.settle();
  }

  private place(scrollTop: number, height: number): { from: number; to: number } {
    if (this.offsets.count === 0) {
      return { from: 0, to: 0 };
    }
    return {
      from: this.offsets.indexAt(Math.max(0, scrollTop - OVERSCAN_PX)),
      to: this.offsets.indexAt(scrollTop + height + OVERSCAN_PX) + 1,
    };
  }

  private wanted(height: number): number {
    const end = Math.max(0, this.offsets.total - height);
    if (this.atEnd && this.props.reachesEnd) {
      return end;
    }
    const index = this.anchor === null ? -1 : this.offsets.indexOf(this.anchor.key);
    const top = index === -1 ? this.scroller.current!.scrollTop : this.offsets.start(index) + this.anchor!.delta;
    return Math.max(0, Math.min(end, top));
  }

  /** Measures what is drawn, and puts everything where it belongs; draws again where other rows are seen then. */
  private settle(): void {
    const scroller = this.scroller.current;
    const part = this.part.current;
    if (scroller === null || part === null) {
      return;
    }
    for (const child of part.children) {
      const row = child as HTMLElement;
      const key = row.dataset["key"];
      if (key !== undefined) {
        this.offsets.measure(key, row.getBoundingClientRect().height);
      }
    }
    const height = scroller.clientHeight;
    const top = this.wanted(height);
    this.whole.current!.style.height = `${this.offsets.total}px`;
    part.style.transform = `translateY(${this.offsets.start(this.range.from)}px)`;
    if (Math.abs(scroller.scrollTop - top) >= 1) {
      scroller.scrollTop = top;
    }
    const range = this.place(top, height);
    if ((range.from !== this.range.from || range.to !== this.range.to) && this.settling < SETTLES_MAX) {
      this.settling++;
      this.forceUpdate();
    } else {
      this.settling = 0;
      this.anchor = this.atEnd && this.props.reachesEnd ? null : this.anchorAt(top);
    }
  }

  /** The first message in sight; what stands between messages may move when older ones come. */
  private anchorAt(top: number): { key: string; delta: number } | null {
    let index = this.offsets.indexAt(top);
    while (index < this.offsets.count - 1 && !this.offsets.keyAt(index)?.startsWith("item:")) {
      index++;
    }
    const key = this.offsets.keyAt(index);
    return key === undefined ? null : { key, delta: top - this.offsets.start(index) };
  }

  private readonly scrolled = (): void => {
    const scroller = this.scroller.current!;
    const top = scroller.scrollTop;
    const left = this.offsets.total - top - scroller.clientHeight;
    const atEnd = left <= AT_END_PX && this.props.reachesEnd;
    if (atEnd !== this.atEnd) {
      this.atEnd = atEnd;
      this.props.onEnd(atEnd);
    }
    this.anchor = atEnd ? null : this.anchorAt(top);
    const range = this.place(top, scroller.clientHeight);
    if (range.from !== this.range.from || range.to !== this.range.to) {
      this.forceUpdate();
    } else {
      this.look();
    }
  };

  /** A browser would go there slowly, and stop where a height turns out to be another one. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const scroller = this.scroller.current!;
    if (event.target === scroller && event.key === "Home") {
      event.preventDefault();
      scroller.scrollTop = 0;
    } else if (event.target === scroller && event.key === "End" && this.props.reachesEnd) {
      event.preventDefault();
      this.toEnd();
    }
  };

  private look(): void {
    const scroller = this.scroller.current!;
    if (scroller.scrollTop < NEAR_PX) {
      this.props.onNearStart();
    }
    if (this.offsets.total - scroller.scrollTop - scroller.clientHeight < NEAR_PX) {
      this.props.onNearEnd();
    }
  }

  override render({ label, rows, draw }: LogProps): ComponentChildren {
    if (this.keysOf !== rows) {
      this.keysOf = rows;
      this.offsets.setRows(rows);
    }
    const scroller = this.scroller.current;
    const height = scroller?.clientHeight ?? 800;
    this.range = this.place(scroller === null ? Math.max(0, this.offsets.total - height) : this.wanted(height), height);
    return (
      <div class="log" role="log" aria-label={label} aria-live="off" tabIndex={0} ref={this.scroller} onScroll={this.scrolled} onKeyDown={this.pressed}>
        <div class="log-whole" ref={this.whole}>
          <div class="log-part" ref={this.part}>
            {rows.slice(this.range.from, this.range.to).map((row) => (
              <div class={row.key === this.marked ? "row marked" : "row"} key={row.key} data-key={row.key} onAnimationEnd={this.unmark}>
                {draw(row)}
              </div>
            ))}
          </div>
        </div>
      </div>
    );
  }
}
