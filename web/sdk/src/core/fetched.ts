import type { Engine } from "./engine.js";
import { Cell } from "./store.js";

const GATHER_MS = 1_000;
const AGAIN_MS = 10_000;

/** What a call answers, fetched while somebody looks at it, and again once it may have changed; null until then. */
export class Fetched<T> extends Cell<T | null> {
  #answered: T | null = null;
  #isStale = true;
  #timer: unknown = null;

  /** @param level from which on the server has that call */
  constructor(private readonly engine: Engine, private readonly level: number, private readonly fetch: () => Promise<T>) {
    super(engine.notices, () => this.#answered, () => this.#look(0));
  }

  stale(): void {
    this.#isStale = true;
    this.#look(GATHER_MS);
  }

  #look(ms: number): void {
    const { engine } = this;
    if (this.#isStale && this.isWatched && engine.featureLevel >= this.level) {
      this.#timer ??= engine.clock.setTimeout(() => void this.#load(), ms);
    }
  }

  async #load(): Promise<void> {
    this.#isStale = false;
    let ms = GATHER_MS;
    try {
      this.#answered = await this.fetch();
      this.change();
    } catch {
      this.#isStale = true;
      ms = AGAIN_MS;
    }
    this.#timer = null;
    this.#look(ms);
  }
}
