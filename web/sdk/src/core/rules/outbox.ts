import type { ErrorCode } from "../errors.js";
import type { OutboxEntry } from "../types.js";

/** Conversations in which a message is under way at the same time. */
const PARALLEL_MAX = 16;

interface Waiting {
  entry: OutboxEntry;
  /** how often it was sent without an answer */
  attempts: number;
  underWay: boolean;
  /** not before this time */
  notBefore: number;
}

/**
 * Messages that wait for their ack. In each conversation one is under way at a time, in the order in which they were
 * put in, so that a refusal for a moment never lets a later one pass. One that was cut off is sent again with its id.
 */
export class Outbox {
  #waiting: Waiting[] = [];
  #pausedUntil = 0;

  constructor(private readonly max: number) {}

  /** False if it is full, or the message is there. */
  put(entry: OutboxEntry): boolean {
    if (this.#waiting.length >= this.max || this.#find(entry.messageId)) {
      return false;
    }
    this.#waiting.push({ entry, attempts: 0, underWay: false, notBefore: 0 });
    this.#waiting.sort((a, b) => a.entry.order - b.entry.order);
    return true;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.max;
  }

  entries(conversationId: string): OutboxEntry[] {
    return this.#waiting.map((one) => one.entry).filter((entry) => entry.conversationId === conversationId);
  }

  all(): OutboxEntry[] {
    return this.#waiting.map((one) => one.entry);
  }

  /** The number behind that of the last one. */
  nextOrder(now: number): number {
    return Math.max(now * 1_000, (this.#waiting.at(-1)?.entry.order ?? 0) + 1);
  }

  /** What to send now; it counts as under way. */
  due(now: number): OutboxEntry[] {
    if (now < this.#pausedUntil) {
      return [];
    }
    const seen = new Set(this.#waiting.filter((one) => one.underWay).map((one) => one.entry.conversationId));
    let underWay = seen.size;
    const due: OutboxEntry[] = [];
    for (const one of this.#waiting) {
      const { conversationId, failed } = one.entry;
      if (failed || seen.has(conversationId) || underWay >= PARALLEL_MAX) {
        continue;
      }
      seen.add(conversationId);
      if (now >= one.notBefore) {
        underWay++;
        one.underWay = true;
        one.attempts++;
        due.push(one.entry);
      }
    }
    return due;
  }

  /** When something is due next that waits for a time; null if nothing does. */
  wakeAt(now: number): number | null {
    const first = new Map<string, Waiting>();
    for (const one of this.#waiting) {
      if (!one.entry.failed && !first.has(one.entry.conversationId)) {
        first.set(one.entry.conversationId, one);
      }
    }
    const next = Math.min(...[...first.values()].filter((one) => !one.underWay).map((one) => Math.max(one.notBefore, this.#pausedUntil)));
    return next > now && Number.isFinite(next) ? next : null;
  }

  /** It has its number; gives the entry, once. */
  acked(messageId: string): OutboxEntry | null {
    const found = this.#find(messageId);
    this.#waiting = this.#waiting.filter((one) => one !== found);
    return found?.entry ?? null;
  }

  /** It was refused for now: all of this user's messages, or it alone, wait until a time. */
  postponed(messageId: string, until: number, everything: boolean): void {
    const found = this.#find(messageId);
    if (found) {
      found.underWay = false;
      found.notBefore = until;
    }
    if (everything) {
      this.#pausedUntil = Math.max(this.#pausedUntil, until);
    }
  }

  /** It was refused for good; gives the entry as it is kept. */
  failed(messageId: string, code: ErrorCode, message: string): OutboxEntry | null {
    return this.#replace(messageId, (entry) => ({ ...entry, failed: { code, message } }));
  }

  /** It waits again, behind the others; null unless it had failed. */
  retried(messageId: string, order: number): OutboxEntry | null {
    return this.#find(messageId)?.entry.failed
      ? this.#replace(messageId, (entry) => ({ ...entry, order, failed: null }))
      : null;
  }

  /** Takes out one that failed or was never sent. */
  discarded(messageId: string): boolean {
    const found = this.#find(messageId);
    if (!found || (found.attempts > 0 && !found.entry.failed)) {
      return false;
    }
    this.acked(messageId);
    return true;
  }

  attempts(messageId: string): number {
    return this.#find(messageId)?.attempts ?? 0;
  }

  /** The connection is gone: what was under way is sent again, and nothing is waited for. */
  disconnected(): void {
    for (const one of this.#waiting) {
      one.underWay = false;
      one.notBefore = 0;
    }
    this.#pausedUntil = 0;
  }

  #find(messageId: string): Waiting | undefined {
    return this.#waiting.find((one) => one.entry.messageId === messageId);
  }

  #replace(messageId: string, change: (entry: OutboxEntry) => OutboxEntry): OutboxEntry | null {
    const found = this.#find(messageId);
    if (!found) {
      return null;
    }
    found.entry = change(found.entry);
    found.underWay = false;
    found.notBefore = 0;
    this.#waiting.sort((a, b) => a.entry.order - b.entry.order);
    return found.entry;
  }
}
