import type { Message, TimelineItem } from "../types.js";
import type { Patch } from "./patch.js";

/** What is known to stand at a number of a conversation. */
export interface Step {
  readonly n: number;
  /** null where nothing is shown: what expired, or a change of an earlier message */
  readonly item: TimelineItem | null;
  /** what it changes of an earlier message */
  readonly patch?: Patch;
  /** the reply in a thread that it is, shown in the conversation or not */
  readonly reply?: Message;
  /** the number of the message that it changes, where it does not say how */
  readonly changes?: number;
  /** whether that message was edited, where it does not say how */
  readonly isEdit?: boolean;
  /** whether it was released, where it does not say how */
  readonly isRelease?: boolean;
}

/** Steps that came before those in front of them. Beyond it they are dropped, and fetched again. */
const HELD_MAX = 1_000;

/**
 * Puts what comes of one conversation into the order of its numbers: each number once, none left out. Early ones are
 * held; what is known to be missing is the gap, which is fetched.
 */
export class Sequence {
  readonly #held = new Map<number, Step>();
  #known: number;

  /** @param upTo the number up to which everything was applied */
  constructor(private applied: number) {
    this.#known = applied;
  }

  get upTo(): number {
    return this.applied;
  }

  /** The highest number that is known to exist. */
  get newest(): number {
    return this.#known;
  }

  /** Whether numbers are missing that are known to exist. */
  get hasGap(): boolean {
    return this.#known > this.applied;
  }

  /** A number exists; what stands at it is to be fetched. */
  note(n: number): void {
    this.#known = Math.max(this.#known, n);
  }

  /** Takes one step; gives those that can be applied now, in order. */
  offer(step: Step): Step[] {
    this.note(step.n);
    if (step.n <= this.applied) {
      return [];
    }
    if (step.n > this.applied + 1 && this.#held.size >= HELD_MAX) {
      return [];
    }
    const held = this.#held.get(step.n);
    this.#held.set(step.n, held?.patch || held?.item ? held : step);
    return this.#drain([]);
  }

  /**
   * Takes all that is known of the numbers from `from` to `to`: those without a step have nothing to show. A run that
   * begins behind the gap is left alone.
   */
  offerRun(from: number, to: number, steps: readonly Step[]): Step[] {
    this.note(to);
    if (from > this.applied + 1) {
      return [];
    }
    const byNumber = new Map(steps.map((step) => [step.n, step]));
    const out: Step[] = [];
    for (let n = this.applied + 1; n <= to; n++) {
      const held = this.#held.get(n);
      // A held change carries what it changes; the page's entry only says that there was one.
      const step = held?.patch ? held : byNumber.get(n);
      this.#held.delete(n);
      if (step) {
        out.push(step);
      }
      this.applied = n;
    }
    return this.#drain(out);
  }

  /** Begins behind a number, whatever was before it. */
  restart(upTo: number): Step[] {
    for (const n of this.#held.keys()) {
      if (n <= upTo) {
        this.#held.delete(n);
      }
    }
    this.applied = upTo;
    this.#known = Math.max(upTo, ...this.#held.keys());
    return this.#drain([]);
  }

  #drain(out: Step[]): Step[] {
    for (let step = this.#held.get(this.applied + 1); step; step = this.#held.get(this.applied + 1)) {
      this.#held.delete(step.n);
      this.applied = step.n;
      out.push(step);
    }
    return out;
  }
}
