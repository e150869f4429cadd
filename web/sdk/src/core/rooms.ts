import { ConversationRoom } from "./conversation.js";
import type { Engine } from "./engine.js";
import { readable } from "./errors.js";
import type { Room } from "./room.js";
import type { ConversationList, Unread } from "./types.js";

/** Conversations in memory; beyond it those are let go that nobody looks at. */
const ROOMS_MAX = 4_000;
/** Timelines in memory that nobody looks at. */
const WINDOWS_MAX = 20;

/** The conversations in memory, and what is said of all of them. */
export class Rooms {
  readonly #all = new Map<string, ConversationRoom>();
  readonly #windows = new Set<Room>();

  constructor(private readonly engine: Engine) {}

  room(id: string): ConversationRoom {
    let room = this.#all.get(id);
    if (!room) {
      readable(typeof id === "string");
      room = new ConversationRoom(id, this.engine);
      this.#all.set(id, room);
      if (this.#all.size > ROOMS_MAX) {
        this.#letGo(room);
      }
    }
    return room;
  }

  all(): Room[] {
    return [...this.#all.values()];
  }

  /** Lets go of a conversation that nobody looks at, the one that is known for longest. */
  #letGo(but: Room): void {
    for (const [id, room] of this.#all) {
      if (room !== but && !room.messages.isWatched && !room.summary.isWatched && this.engine.sender.entries(id).length === 0) {
        this.#all.delete(id);
        return;
      }
    }
  }

  /** A timeline is looked at: of those that are not, the ones longest out of sight go. */
  opened(room: Room): void {
    this.#windows.delete(room);
    this.#windows.add(room);
    for (const old of this.#windows) {
      if (this.#windows.size <= WINDOWS_MAX) {
        break;
      }
      if (old !== room && old.shown.release()) {
        this.#windows.delete(old);
      }
    }
  }

  followAll(): void {
    for (const room of this.#windows) {
      void room.shown.follow();
    }
  }

  forgetRecent(): void {
    for (const room of this.#all.values()) {
      room.forgetRecent();
    }
  }

  list(): ConversationList {
    const all = this.all().flatMap((room) => (room.left ? [] : (room.summary.getSnapshot() ?? [])))
      .filter(({ personal }) => !personal.hidden)
      .sort((a, b) => Number(b.personal.pinned) - Number(a.personal.pinned) || b.lastEventAt - a.lastEventAt || (a.conversationId < b.conversationId ? -1 : 1));
    const items = all.filter(({ personal }) => !personal.archived);
    return { items, archived: all.filter(({ personal }) => personal.archived), loaded: this.engine.catchUp.loaded, truncated: this.engine.catchUp.truncated };
  }

  countUnread(): Unread {
    const count = { conversations: 0, messages: 0, mentions: 0, mutedConversations: 0, mutedMessages: 0, mutedMentions: 0 };
    for (const { line, left } of this.#all.values()) {
      if (line && !left && line.unread > 0 && !line.personal.archived && !line.personal.hidden) {
        count[line.muted ? "mutedConversations" : "conversations"]++;
        count[line.muted ? "mutedMessages" : "messages"] += line.unread;
        count[line.muted ? "mutedMentions" : "mentions"] += line.mentions;
      }
    }
    return count;
  }

  rest(): void {
    this.#all.forEach((room) => room.rest());
  }

  clear(): void {
    this.rest();
    this.#all.clear();
    this.#windows.clear();
  }
}
