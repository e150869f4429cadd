import { asError } from "./calls.js";
import { MilenaError } from "./errors.js";
import { Room } from "./room.js";
import type { Patch } from "./rules/patch.js";
import type { Typist } from "./typist.js";
import type { Conversation, Message, MessageContent, SendOptions, Thread } from "./types.js";

/** The levels from which messages can be changed so. */
const LEVELS = { edit: 2, delete: 2, react: 7, pin: 7 };

/** What is seldom done: by functions of `calls/conversation.js`, which take the room and what is given. */
const SELDOM = [
  "pins", "fetchMessage", "fetchReactions", "fetchReceipts", "report", "members", "addMembers", "removeMember", "setRole", "leave",
  "update", "mute", "unmute", "accept", "keep",
] as const;
type Seldom = (typeof SELDOM)[number];
type Calls = { [Name in Seldom]: (room: ConversationRoom, ...given: Parameters<Conversation[Name]>) => ReturnType<Conversation[Name]> };

export interface ConversationRoom extends Pick<Conversation, Seldom> {}

/** One conversation: what is known of it, and what an application does in it. */
export class ConversationRoom extends Room implements Conversation {
  #typist: Typist | null = null;

  send(content: MessageContent | string, options: SendOptions = {}): Message {
    const message = this.engine.sender.send(this, content, options);
    // A message ends its sender's typing by itself.
    this.#typist?.ended();
    if (this.shown.window?.hasNewer) {
      void this.shown.loadLatest();
    }
    return message;
  }

  retry(messageId: string): void {
    this.engine.sender.retry(messageId);
  }

  discard(messageId: string): boolean {
    return this.engine.sender.discard(messageId);
  }

  edit(messageId: string, content: MessageContent | string): Promise<void> {
    const whole = typeof content === "string" ? { type: "text", text: content } : content;
    const revision = (this.message(messageId)?.revision ?? 0) + 1;
    return this.#change(
      { kind: "edit", messageId, content: whole, revision, editedAt: this.engine.clock.now() },
      "message.edit", { content: whole },
    );
  }

  delete(messageId: string, reason?: string): Promise<void> {
    const patch = { kind: "delete" as const, messageId, deletedAt: this.engine.clock.now(), deletedBy: this.engine.me ?? "" };
    return this.#change(patch, "message.delete", { reason });
  }

  react(messageId: string, emoji: string, remove = false): Promise<void> {
    const patch = { kind: "react" as const, messageId, userId: this.engine.me ?? "", emoji, removed: remove };
    return this.#change(patch, "message.react", remove ? { emoji, remove } : { emoji });
  }

  pin(messageId: string, remove = false): Promise<void> {
    return this.#change({ kind: "pin", messageId, removed: remove }, "message.pin", remove ? { remove } : {});
  }

  /** Shows a change, asks for it, and takes it back if it is refused. */
  async #change(patch: Patch & { kind: keyof typeof LEVELS }, type: string, fields: object): Promise<void> {
    if (this.engine.isOnline() && this.engine.featureLevel < LEVELS[patch.kind]) {
      throw new MilenaError("UNSUPPORTED", "this server does not change messages");
    }
    const { messageId } = patch;
    this.shown.overlay(patch, true);
    try {
      const { payload } = await this.engine.ask({ type, payload: { conversationId: this.id, messageId, ...fields } });
      const { sequenceNumber, timestamp, revision, held } = payload;
      const done: Patch = patch.kind === "edit" ? { ...patch, editedAt: timestamp, revision: revision ?? patch.revision, held }
        : patch.kind === "delete" ? { ...patch, deletedAt: timestamp } : patch;
      this.ackedPatch(done, sequenceNumber);
      this.engine.tell({ news: "changed", patch: done, conversationId: this.id, sequenceNumber });
    } finally {
      this.shown.overlay(patch, false);
    }
  }

  async thread(messageId: string, sequenceNumber?: number): Promise<Thread> {
    const { ThreadRun } = await this.engine.load(() => import("./thread.js"));
    return new ThreadRun(this, messageId, sequenceNumber);
  }

  loadOlder(): Promise<void> {
    return this.shown.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.shown.loadNewer();
  }

  loadLatest(): Promise<void> {
    return this.shown.loadLatest();
  }

  loadAround(sequenceNumber: number): Promise<void> {
    return this.shown.loadAround(sequenceNumber);
  }

  markRead(upToSequence: number = this.sequence.upTo): void {
    const upTo = Math.min(upToSequence, this.sequence.upTo);
    const ended = this.endUnreadFrom();
    if (this.hasRead(upTo) || ended) {
      this.engine.receipts.read(this.id, upTo);
      this.engine.tell({ news: "read", conversationId: this.id, upTo });
    }
  }

  typing(): void {
    if (this.#typist) {
      this.#typist.key();
    } else {
      void this.engine.load(() => import("./typist.js")).then(({ Typist: Loaded }) => (this.#typist ??= new Loaded(this.id, this.engine)).key(), () => {});
    }
  }

  stopTyping(): void {
    this.#typist?.stop();
  }

  /** What is seldom done is loaded when it is. */
  async #call(name: Seldom, given: unknown[]): Promise<unknown> {
    const calls: Calls = await this.engine.load(() => import("./calls/conversation.js"));
    try {
      return await (calls[name] as (...all: unknown[]) => unknown)(this, ...given);
    } catch (error) {
      throw asError(error);
    }
  }

  static {
    for (const name of SELDOM) {
      ConversationRoom.prototype[name] = function (this: ConversationRoom, ...given: unknown[]) {
        return this.#call(name, given);
      } as never;
    }
  }
}
