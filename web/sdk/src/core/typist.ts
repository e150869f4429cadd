import type { Engine } from "./engine.js";
import { key, look, NOT_TYPING, stop, type TypingStep } from "./rules/typing.js";

/** Says that this user types in one conversation, and no longer. */
export class Typist {
  #typed = NOT_TYPING;
  #timer: unknown = null;

  constructor(private readonly conversationId: string, private readonly engine: Engine) {}

  key(): void {
    this.#step(key(this.#typed, this.engine.clock.now()));
  }

  stop(): void {
    this.#step(stop(this.#typed));
  }

  /** It is over by itself, without a word. */
  ended(): void {
    this.#typed = NOT_TYPING;
    this.engine.clock.clearTimeout(this.#timer);
  }

  #step(step: TypingStep): void {
    const { clock } = this.engine;
    this.#typed = step.state;
    if (step.say) {
      this.engine.say({ type: step.say, payload: { conversationId: this.conversationId } });
    }
    clock.clearTimeout(this.#timer);
    this.#timer = step.wakeAt === null
      ? null
      : clock.setTimeout(() => this.#step(look(this.#typed, clock.now())), Math.max(0, step.wakeAt - clock.now()));
  }
}
