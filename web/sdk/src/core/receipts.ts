import { isTransient } from "./errors.js";
import { asError } from "./calls.js";
import type { Engine } from "./engine.js";

const BATCH_MS = 1_000;
/** Receipts of one batch; the rest comes with the next, so that the server's rate is kept. */
const BATCH_MAX = 25;

/** Says how far this user has come, once a second for each conversation. What cannot be said now waits. */
export class Receipts {
  readonly #reads = new Map<string, number>();
  /** receipts that are under way, by their conversations */
  readonly #saying = new Map<string, Promise<void>>();
  readonly #deliveries = new Map<string, number>();
  #timer: unknown = null;

  constructor(private readonly engine: Engine) {}

  read(conversationId: string, upTo: number): void {
    this.#reads.set(conversationId, Math.max(upTo, this.#reads.get(conversationId) ?? 0));
    this.later();
  }

  delivered(conversationId: string, upTo: number): void {
    if (this.engine.leads) {
      this.#deliveries.set(conversationId, Math.max(upTo, this.#deliveries.get(conversationId) ?? 0));
      this.later();
    }
  }

  /** Whether the server may not know yet how far this user has read there. */
  waits(conversationId: string): boolean {
    return this.#reads.has(conversationId) || this.#saying.has(conversationId);
  }

  later(): void {
    if (this.#reads.size + this.#deliveries.size > 0) {
      this.#timer ??= this.engine.clock.setTimeout(() => {
        this.#timer = null;
        this.#flush();
      }, BATCH_MS);
    }
  }

  #flush(): void {
    if (!this.engine.isOnline()) {
      return;
    }
    for (const [conversationId, upTo] of [...this.#reads].slice(0, BATCH_MAX)) {
      this.#say(conversationId, upTo);
    }
    for (const [conversationId, upToSequence] of [...this.#deliveries].slice(0, BATCH_MAX)) {
      this.#deliveries.delete(conversationId);
      this.engine.say({ type: "message.delivered", payload: { conversationId, upToSequence } });
    }
    this.later();
  }

  /**
   * Says now how far this user has read there, and waits for the answer: a read that came after a mark as unread would end
   * that. What cannot be said is left out.
   */
  async settle(conversationId: string): Promise<void> {
    const upTo = this.#reads.get(conversationId);
    if (upTo !== undefined && this.engine.isOnline()) {
      this.#say(conversationId, upTo);
    }
    await this.#saying.get(conversationId);
    this.#reads.delete(conversationId);
  }

  #say(conversationId: string, upTo: number): void {
    this.#reads.delete(conversationId);
    // Reading implies delivery.
    if ((this.#deliveries.get(conversationId) ?? 0) <= upTo) {
      this.#deliveries.delete(conversationId);
    }
    const saying = this.#sayRead(conversationId, upTo).finally(() => {
      if (this.#saying.get(conversationId) === saying) {
        this.#saying.delete(conversationId);
      }
      this.engine.keeper?.touched(this.engine.room(conversationId));
    });
    this.#saying.set(conversationId, saying);
  }

  async #sayRead(conversationId: string, upToSequence: number): Promise<void> {
    try {
      await this.engine.ask({ type: "message.read", payload: { conversationId, upToSequence } });
    } catch (error) {
      if (isTransient(asError(error).code)) {
        this.read(conversationId, upToSequence);
      }
    }
  }
}
