import { asError } from "./calls.js";
import type { ConversationRoom } from "./conversation.js";
import { FOLLOW_LEVEL } from "./engine.js";
import type { MilenaError } from "./errors.js";
import type { Following, History } from "./protocol.js";
import type { OpenThread } from "./room.js";
import { stepsOf, type RawEntry } from "./rules/entries.js";
import { patched, type Patch } from "./rules/patch.js";
import { Cell } from "./store.js";
import type { Message, MessageContent, SendOptions, Thread, ThreadTimeline } from "./types.js";

const PAGE = 50;
const READ_MS = 1_000;

/** One thread: its replies by their ordinals, a run without a gap that reaches its end. */
export class ThreadRun implements OpenThread, Thread {
  readonly messages: Cell<ThreadTimeline>;
  /** oldest first */
  #items: readonly Message[] = [];
  #isLoaded = false;
  #isLoading = false;
  #error: MilenaError | null = null;
  #followed: boolean | null = null;
  /** read up to this ordinal */
  #read = 0;
  #readTimer: unknown = null;

  constructor(private readonly room: ConversationRoom, readonly rootId: string, private readonly rootSequence?: number) {
    this.messages = new Cell(room.engine.notices, () => this.#timeline(), (watched) => this.#watched(watched));
  }

  send(content: MessageContent | string, options: Omit<SendOptions, "threadOf"> = {}): Message {
    return this.room.send(content, { ...options, threadOf: this.rootId });
  }

  markRead(): void {
    const { engine } = this.room;
    // Of a thread that is not followed nothing is kept: it is asked about once.
    if (engine.featureLevel >= FOLLOW_LEVEL && this.#last > this.#read && this.#followed !== false) {
      this.#readTimer ??= engine.clock.setTimeout(() => void this.#sayRead(), this.#read === 0 ? 0 : READ_MS);
    }
  }

  async #sayRead(): Promise<void> {
    const upToOrdinal = this.#last;
    const { engine, id } = this.room;
    const body = { threadOf: this.rootId, upToOrdinal };
    try {
      const { followed } = await engine.calls.call<Following>("POST", `/api/v1/conversations/${encodeURIComponent(id)}/read`, { body, again: true });
      this.#read = upToOrdinal;
      this.follows(followed);
      this.#readTimer = null;
      this.markRead();
    } catch (error) {
      engine.debug("thread not read", { code: asError(error).code });
      this.#readTimer = null;
    }
  }

  async follow(follows = true): Promise<void> {
    const { followed } = await this.room.engine.calls.call<Following>(follows ? "PUT" : "DELETE", this.#path("follow"), { again: true });
    this.follows(followed);
    this.room.engine.threads.stale();
  }

  follows(followed: boolean): void {
    this.#followed = followed;
    this.changed();
  }

  get #last(): number {
    return this.#items.at(-1)?.threadOrdinal ?? 0;
  }

  #path(what: string): string {
    return `/api/v1/conversations/${encodeURIComponent(this.room.id)}/threads/${encodeURIComponent(this.rootId)}/${what}`;
  }

  #watched(watched: boolean): void {
    if (watched) {
      this.room.threads.set(this.rootId, this);
      void this.#load();
    } else {
      this.room.threads.delete(this.rootId);
      this.#isLoaded = false;
    }
  }

  loadOlder(): Promise<void> {
    const first = this.#items[0]?.threadOrdinal ?? 1;
    return first > 1 ? this.#load(first) : Promise.resolve();
  }

  /** A page before an ordinal, or the newest one. */
  async #load(before?: number): Promise<void> {
    if (this.#isLoading) {
      return;
    }
    this.#isLoading = true;
    this.#error = null;
    this.changed();
    const { engine, id } = this.room;
    try {
      const number = this.room.message(this.rootId)?.sequenceNumber ?? this.rootSequence;
      const page = await engine.calls.call<History>("GET", `${this.#path("messages")}?limit=${PAGE}${number ? `&sequenceNumber=${number}` : ""}${before === undefined ? "" : `&before=${before}`}`);
      const replies = stepsOf(page.messages as RawEntry[], id, engine.me).flatMap(({ reply }) => reply ?? []);
      const known = before === undefined && !this.#isLoaded ? [] : this.#items;
      const byOrdinal = new Map([...replies, ...known].map((reply) => [reply.threadOrdinal!, reply]));
      this.#items = [...byOrdinal.values()].sort((a, b) => a.threadOrdinal! - b.threadOrdinal!);
      this.#isLoaded = true;
    } catch (error) {
      const refused = asError(error);
      // A message without a reply has no thread yet.
      this.#isLoaded ||= refused.code === "MESSAGE_NOT_FOUND";
      this.#error = this.#isLoaded ? null : refused;
    }
    this.#isLoading = false;
    this.changed();
  }

  came(reply: Message): void {
    if (reply.held) {
      this.changed();
      return;
    }
    const last = this.#last;
    if (!this.#isLoaded || reply.threadOrdinal! > last + 1) {
      void this.#load();
    } else if (reply.threadOrdinal! > last) {
      this.#items = [...this.#items, reply];
    }
    this.changed();
  }

  patch(patch: Patch): void {
    if (this.message(patch.messageId)) {
      this.#items = this.#items.map((reply) => (reply.messageId === patch.messageId ? patched(reply, patch, this.room.engine.me) : reply));
      this.changed();
    }
  }

  message(messageId: string): Message | null {
    return this.#items.find((reply) => reply.messageId === messageId) ?? null;
  }

  changed(): void {
    this.messages.change();
  }

  #timeline(): ThreadTimeline {
    const waiting = [...this.room.heldReplies.values(), ...this.room.waiting()].filter((message) => message.threadOf === this.rootId && !this.message(message.messageId));
    return {
      items: [...this.#items.map((reply) => this.room.shown.overlaid(reply)), ...waiting],
      hasOlder: (this.#items[0]?.threadOrdinal ?? 1) > 1,
      loaded: this.#isLoaded, isLoading: this.#isLoading, followed: this.#followed, error: this.#error,
    };
  }
}
