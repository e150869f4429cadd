import type { Store } from "./types.js";

/** Calls a listener of the application: what it throws is the application's, and ends nothing here. */
export function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Calls the listeners of what changed, once for all changes of a task. */
export class Notices {
  #changed = new Set<Cell<unknown>>();

  mark(cell: Cell<unknown>): void {
    if (this.#changed.size === 0) {
      queueMicrotask(() => this.#call());
    }
    this.#changed.add(cell);
  }

  #call(): void {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const cell of changed) {
      cell.call();
    }
  }
}

/** A store whose snapshot is computed when somebody looks. */
export class Cell<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  #stale = true;
  #value: T | undefined;

  /** @param watched called when the first listener comes and when the last one goes */
  constructor(
    private readonly notices: Notices,
    private readonly compute: () => T,
    private readonly watched?: (watched: boolean) => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    // Each subscription is its own, also of the same function.
    const own = () => listener();
    this.#listeners.add(own);
    if (this.#listeners.size === 1) {
      this.watched?.(true);
    }
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) {
        this.watched?.(false);
      }
    };
  };

  readonly getSnapshot = (): T => {
    if (this.#stale) {
      this.#value = this.compute();
      this.#stale = false;
    }
    return this.#value as T;
  };

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  change(): void {
    this.#stale = true;
    this.notices.mark(this);
  }

  call(): void {
    [...this.#listeners].forEach(callSafely);
  }
}
