import type { Clock } from "../../src/core/types.js";

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/** A clock that goes only when it is run: from one timer to the next, with all promises settled in between. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<Timer>();
  private order = 0;
  private time = 1_000_000;

  now(): number {
    return this.time;
  }

  setTimeout(run: () => void, ms: number): Timer {
    const timer = { at: this.time + Math.max(0, ms), order: ++this.order, run };
    this.timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as Timer);
  }

  /** Runs for a time, or until something is true; false if the time passed before. */
  async run(ms: number, isDone: () => boolean = () => false): Promise<boolean> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      if (isDone()) {
        return true;
      }
      let next: Timer | null = null;
      for (const timer of this.timers) {
        if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
          next = timer;
        }
      }
      if (!next || next.at > end) {
        this.time = end;
        await settled();
        return isDone();
      }
      this.timers.delete(next);
      this.time = next.at;
      next.run();
    }
  }
}

/** Done once no promise has anything left to do: such a callback comes after all of them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
