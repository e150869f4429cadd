import type { Engine } from "./engine.js";
import type { Receipts } from "./protocol.js";
import type { Room } from "./room.js";
import { Cell } from "./store.js";
import type { ReceiptLine } from "./types.js";

/** From as many members on, the receipts of others are not loaded. */
const RECEIPTS_MEMBERS_MAX = 100;
const TYPIST_MS = 7_000;
const RENEW_MS = 2_000;
const RENEWED = 50;

/** What the others do in one conversation: how far they have come, and who types. */
export class Others {
  readonly typists: Cell<readonly string[]>;
  readonly receipts: Cell<readonly ReceiptLine[]>;
  readonly #typing = new Map<string, unknown>();
  #lines: readonly ReceiptLine[] = [];
  #renewTimer: unknown = null;

  constructor(private readonly room: Room, private readonly engine: Engine) {
    this.typists = new Cell(engine.notices, () => [...this.#typing.keys()]);
    this.receipts = new Cell(engine.notices, () => this.#lines);
  }

  /** Somebody has come up to a number. */
  receipt(userId: string, delivered: number, read: number, at: number): void {
    if (userId === this.engine.me) {
      this.room.hasRead(read);
      return;
    }
    const known = this.#lines.find((line) => line.userId === userId);
    const line: ReceiptLine = {
      ...known,
      userId,
      deliveredUpToSequence: Math.max(delivered, known?.deliveredUpToSequence ?? 0),
      readUpToSequence: Math.max(read, known?.readUpToSequence ?? 0),
      ...(read > 0 ? { readAt: at } : { deliveredAt: at }),
    };
    this.#lines = [...this.#lines.filter((other) => other !== known), line];
    this.receipts.change();
    this.#come(line);
    if (this.room.line?.view.type !== "direct") {
      // Only the server knows whose receipts count in a group.
      this.#renewSoon();
    }
  }

  #come(line: ReceiptLine): void {
    this.room.reach(line.deliveredUpToSequence, "DELIVERED");
    this.room.reach(line.readUpToSequence, "READ");
  }

  #renewSoon(): void {
    if (this.#renewTimer === null && this.room.messages.isWatched) {
      this.#renewTimer = this.engine.clock.setTimeout(() => {
        this.#renewTimer = null;
        void this.room.shown.renew({ limit: RENEWED });
      }, RENEW_MS);
    }
  }

  type(userId: string, isTyping: boolean): void {
    const { clock } = this.engine;
    if (!isTyping && !this.#typing.has(userId)) {
      return;
    }
    clock.clearTimeout(this.#typing.get(userId));
    this.#typing.delete(userId);
    if (isTyping) {
      // The server says when it ends; that may be lost.
      this.#typing.set(userId, clock.setTimeout(() => this.type(userId, false), TYPIST_MS));
    }
    this.typists.change();
  }

  async loadReceipts(): Promise<void> {
    if ((this.room.line?.view.memberCount ?? RECEIPTS_MEMBERS_MAX) >= RECEIPTS_MEMBERS_MAX) {
      return;
    }
    const path = `/api/v1/conversations/${encodeURIComponent(this.room.id)}/receipts`;
    const answer = await this.engine.calls.call<Receipts>("GET", path).catch(() => null);
    const lines = answer?.receipts;
    for (const line of lines ?? []) {
      if (line.userId === this.engine.me) {
        this.room.hasRead(line.readUpToSequence);
      }
    }
    if (lines) {
      this.#lines = lines.filter((line) => line.userId !== this.engine.me);
      this.#lines.forEach((line) => this.#come(line));
      this.receipts.change();
    } else {
      this.room.shown.followLater();
    }
  }

  /** This user is in it no longer. */
  forget(): void {
    this.#typing.clear();
    this.typists.change();
  }
}
