import { isTransient, MilenaError } from "./errors.js";
import { asError } from "./calls.js";
import type { Engine } from "./engine.js";
import type { Ack, Room } from "./room.js";
import { backoffMs } from "./rules/backoff.js";
import { pendingMessage } from "./rules/entries.js";
import { Outbox } from "./rules/outbox.js";
import type { Message, MessageContent, OutboxEntry, SendOptions } from "./types.js";

const RATE_PAUSE_MS = 1_000;

/** Sends what is in the outbox as soon as that can be, and keeps it there until it is acked. */
export class Sender {
  readonly #outbox: Outbox;
  #timer: unknown = null;
  /** one more with each break, so that an answer of before it is known */
  #connection = 0;

  constructor(private readonly engine: Engine, max: number) {
    this.#outbox = new Outbox(max);
  }

  entries(conversationId: string): OutboxEntry[] {
    return this.#outbox.entries(conversationId);
  }

  all(): OutboxEntry[] {
    return this.#outbox.all();
  }

  get counts(): { waiting: number; failed: number } {
    const all = this.#outbox.all();
    const failed = all.filter((entry) => entry.failed).length;
    return { waiting: all.length - failed, failed };
  }

  send(room: Room, content: MessageContent | string, options: SendOptions): Message {
    const { messageId = this.engine.newId(), ...rest } = options;
    const now = this.engine.clock.now();
    const entry: OutboxEntry = {
      messageId, conversationId: room.id, order: this.#outbox.nextOrder(now), createdAt: now,
      content: typeof content === "string" ? { type: "text", text: content } : content,
      options: rest, failed: null,
    };
    if (this.#outbox.isFull) {
      throw new MilenaError("OUTBOX_FULL", "too many messages wait to be sent");
    }
    if (this.#outbox.put(entry)) {
      this.engine.keeper?.outbox({ outbox: [entry] });
      this.engine.tell({ news: "queued", entry });
      this.#changed(room.id);
      this.pump();
    }
    return pendingMessage(entry, this.engine.me, null);
  }

  /** What a former run of this client left. */
  load(entries: readonly OutboxEntry[]): void {
    entries.forEach((entry) => this.put(entry));
  }

  retry(messageId: string): void {
    const entry = this.#outbox.retried(messageId, this.#outbox.nextOrder(this.engine.clock.now()));
    if (entry) {
      this.engine.keeper?.outbox({ outbox: [entry] });
      this.engine.tell({ news: "queued", entry });
      this.#changed(entry.conversationId);
      this.pump();
    }
  }

  discard(messageId: string): boolean {
    const entry = this.#outbox.all().find((one) => one.messageId === messageId);
    if (!entry || (!this.engine.leads && !entry.failed) || !this.#outbox.discarded(messageId)) {
      return false;
    }
    this.#gone(entry);
    this.engine.tell({ news: "gone", messageId });
    return true;
  }

  /** A message of one's own came from the server, whatever way: it waits no longer. */
  arrived(messageId: string): void {
    const entry = this.#outbox.acked(messageId);
    if (entry) {
      this.#gone(entry);
    }
  }

  /** Nothing can be sent to a conversation that one has left. */
  refuseAll(conversationId: string): void {
    for (const entry of this.#outbox.entries(conversationId)) {
      this.#fail(entry, new MilenaError("FORBIDDEN", "not in this conversation any longer"));
    }
  }

  /** As another tab says, it waits or failed. */
  put(entry: OutboxEntry): void {
    this.#outbox.acked(entry.messageId);
    this.#outbox.put(entry);
    this.#changed(entry.conversationId);
    this.pump();
  }

  cut(): void {
    this.#connection++;
    this.#outbox.disconnected();
  }

  /** Sends what is due. */
  pump(): void {
    if (!this.engine.leads || !this.engine.isOnline()) {
      return;
    }
    const now = this.engine.clock.now();
    for (const entry of this.#outbox.due(now)) {
      void this.#one(entry);
    }
    this.engine.clock.clearTimeout(this.#timer);
    const wakeAt = this.#outbox.wakeAt(now);
    this.#timer = wakeAt === null ? null : this.engine.clock.setTimeout(() => this.pump(), wakeAt - now);
  }

  async #one(entry: OutboxEntry): Promise<void> {
    const { messageId, conversationId, content, options } = entry;
    const connection = this.#connection;
    try {
      const { payload } = await this.engine.ask({ type: "message.send", payload: { conversationId, messageId, content, ...options } });
      this.#acked(messageId, payload);
    } catch (error) {
      if (connection === this.#connection) {
        this.#refused(entry, asError(error));
      }
    }
    this.pump();
  }

  #acked(messageId: string, ack: Ack): void {
    const entry = this.#outbox.acked(messageId);
    if (entry) {
      this.#gone(entry);
      this.engine.room(entry.conversationId).acked(entry, ack);
      this.engine.tell({ news: "acked", entry, ...ack });
    }
  }

  #refused(entry: OutboxEntry, error: MilenaError): void {
    const { messageId } = entry;
    this.engine.debug("message refused", { code: error.code, messageId });
    if (isTransient(error.code)) {
      const ms = error.code === "RATE_LIMITED"
        ? (error.retryAfterMs ?? RATE_PAUSE_MS)
        : backoffMs(this.#outbox.attempts(messageId), this.engine.random, error.retryAfterMs);
      const until = this.engine.clock.now() + ms;
      const isSlowMode = error.limit === "slowModeSeconds";
      this.#outbox.postponed(messageId, until, error.code === "RATE_LIMITED" && !isSlowMode);
      if (isSlowMode) {
        this.engine.room(entry.conversationId).slow(until);
        this.engine.tell({ news: "slow", conversationId: entry.conversationId, until });
      }
    } else {
      this.#fail(entry, error);
    }
  }

  #fail(entry: OutboxEntry, error: MilenaError): void {
    const failed = this.#outbox.failed(entry.messageId, error.code, error.message);
    if (failed) {
      this.engine.keeper?.outbox({ outbox: [failed] });
      this.engine.tell({ news: "failed", entry: failed });
      this.#changed(failed.conversationId);
    }
  }

  #gone(entry: OutboxEntry): void {
    this.engine.keeper?.outbox({ sent: [entry.messageId] });
    this.#changed(entry.conversationId);
  }

  #changed(conversationId: string): void {
    this.engine.room(conversationId).pendingChanged();
    this.engine.connectionChanged();
  }
}
