import type { Clock } from "../../src/core/types.js";
import type { Frame } from "../../src/core/link/link.js";

/** What may go wrong, each as a chance at each occasion. */
export interface Faults {
  cut: number;
  duplicate: number;
  reorder: number;
  resync: number;
  refuseResume: number;
  unavailable: number;
  /** a message of a group is held for a moderator */
  held: number;
  callFails: number;
  delayMs: number;
}

export const NO_FAULTS: Faults = {
  cut: 0, duplicate: 0, reorder: 0, resync: 0, refuseResume: 0, unavailable: 0, held: 0, callFails: 0, delayMs: 5,
};

interface Entry {
  kind: string;
  sequenceNumber: number;
  timestamp: number;
  [field: string]: any;
}

interface Talk {
  id: string;
  type: string;
  members: string[];
  entries: Entry[];
  read: Map<string, number>;
  delivered: Map<string, number>;
}

interface Missed {
  talk: Talk;
  n: number;
  frame: Frame;
}

/** A server as docs/protocol.md has it, in memory and by a virtual clock, that does everything wrong that it may. */
export class ScriptedServer {
  faults: Faults = NO_FAULTS;
  featureLevel = 2;
  readonly talks = new Map<string, Talk>();
  readonly sockets = new Set<ServerSocket>();
  calls = 0;
  private readonly logs = new Map<string, Missed[]>();

  constructor(readonly clock: Clock, readonly random: () => number) {}

  chance(of: number): boolean {
    return of > 0 && this.random() < of;
  }

  talk(id: string, type: string, members: string[]): Talk {
    const talk: Talk = { id, type, members, entries: [], read: new Map(), delivered: new Map() };
    this.talks.set(id, talk);
    this.append(talk, { kind: "conversation.created", actorId: members[0], type, participants: [], memberCount: members.length }, null);
    return talk;
  }

  private append(talk: Talk, fields: Record<string, unknown>, by: ServerSocket | null): Entry {
    const entry = { sequenceNumber: talk.entries.length + 1, timestamp: this.clock.now(), ...fields } as Entry;
    talk.entries.push(entry);
    for (const userId of talk.members) {
      const frame = this.frameOf(talk, entry, userId);
      this.log(userId).push({ talk, n: entry.sequenceNumber, frame });
      const drops = this.chance(this.faults.resync);
      for (const socket of this.sockets) {
        if (socket.userId !== userId || socket === by) {
          continue;
        }
        if (drops) {
          socket.frame({ type: "resync", payload: { conversationIds: [talk.id] } });
        } else {
          socket.frame(frame);
        }
      }
    }
    return entry;
  }

  log(userId: string): Missed[] {
    const log = this.logs.get(userId) ?? [];
    this.logs.set(userId, log);
    return log;
  }

  private frameOf(talk: Talk, entry: Entry, userId: string): Frame {
    const { sequenceNumber, timestamp } = entry;
    const of = { conversationId: talk.id, sequenceNumber, timestamp };
    const target = { ...of, messageId: entry.messageId, targetSequence: entry.targetSequence };
    switch (entry.kind) {
      case "message":
        if (isHidden(entry, userId)) {
          return { type: "message.new", payload: { ...of, hidden: true } };
        }
        return { type: "message.new", payload: { ...of, messageId: entry.messageId, senderId: entry.senderId, content: entry.content, held: entry.held } };
      case "message.released":
        return { type: "message.updated", payload: { ...target, released: true, ...entry.body } };
      case "message.edited":
        if (entry.held && entry.actorId !== userId) {
          const named = { messageId: entry.messageId, revision: entry.revision, editedAt: timestamp };
          return { type: "message.updated", payload: { ...of, targetSequence: entry.targetSequence, ...(entry.wasShown ? named : {}), hidden: true } };
        }
        return { type: "message.updated", payload: { ...target, content: entry.body, revision: entry.revision, editedAt: timestamp, held: entry.held } };
      case "message.deleted":
        return { type: "message.deleted", payload: { ...target, deletedBy: entry.actorId, ...entry.body } };
      case "reaction":
        return { type: "message.reaction", payload: { ...target, userId: entry.actorId, emoji: entry.emoji, removed: entry.removed, count: entry.count } };
      default:
        return { type: "conversation.created", payload: { ...this.view(talk), sequenceNumber } };
    }
  }

  view(talk: Talk) {
    return {
      conversationId: talk.id, type: talk.type, participants: talk.members.map((userId) => ({ userId, role: "member" })),
      settings: talk.type === "group" ? { premoderation: true } : undefined, memberCount: talk.members.length, lastSequence: talk.entries.length, createdAt: "2026-01-01T00:00:00Z",
    };
  }

  /** An entry as it is answered: without what only frames carry. */
  answered(talk: Talk, entry: Entry, userId: string): Entry {
    if (isHidden(entry, userId)) {
      return { kind: "message", sequenceNumber: entry.sequenceNumber, timestamp: entry.timestamp, hidden: true };
    }
    const { body: _, count: __, ...said } = entry;
    if (entry.kind !== "message" || entry.senderId !== userId) {
      return said as Entry;
    }
    const others = talk.members.filter((member) => member !== userId);
    const all = (marks: Map<string, number>) => others.every((member) => (marks.get(member) ?? 0) >= entry.sequenceNumber);
    return { ...said, status: all(talk.read) ? "READ" : all(talk.delivered) ? "DELIVERED" : "SENT" } as Entry;
  }

  unread(talk: Talk, userId: string): number {
    const read = talk.read.get(userId) ?? 0;
    return talk.entries.filter((entry) => entry.kind === "message" && entry.senderId !== userId && entry.sequenceNumber > read && !entry.deletedAt && !entry.held).length;
  }

  /** A moderator lets a held message through, or does not. */
  decide(talk: Talk, held: Entry, releases: boolean): void {
    Object.assign(held, { held: undefined, wasShown: true });
    const change = (kind: string, fields: object) => this.append(talk, this.change(talk, "moderation", held, kind, fields), null);
    if (releases) {
      // Only now others see whose it is.
      this.wrote(talk, held);
      const { senderId, content, revision, editedAt, reactions } = held;
      change("message.released", { body: { senderId, content, revision, editedAt, reactions } });
    } else {
      const { senderId, revision, editedAt } = held;
      Object.assign(held, { content: undefined, reactions: [], deletedAt: this.clock.now(), deletedBy: "moderation" });
      change("message.deleted", { body: { senderId, revision, editedAt } });
    }
  }

  /** What a frame of a client asks; gives the answer. */
  command(userId: string, frame: Frame, by: ServerSocket | null): Frame | null {
    const { id, payload } = frame;
    const ok: Frame | null = id === undefined ? null : { type: "ok", id };
    const refused = (error: string): Frame => ({ type: "error", id, payload: { error, message: "", retryAfter: undefined } });
    const talk = this.talks.get(payload?.conversationId);
    const ack = (entry: Entry, duplicate: boolean): Frame => ({
      type: "message.ack", id,
      payload: { conversationId: talk!.id, messageId: entry.messageId, sequenceNumber: entry.sequenceNumber, timestamp: entry.timestamp, duplicate, revision: entry.revision, held: entry.held },
    });
    if (frame.type === "heartbeat") {
      return { type: "heartbeat", id, serverTime: this.clock.now(), resumeToken: `${this.log(userId).length}` };
    }
    if (frame.type.startsWith("presence")) {
      return frame.type === "presence.subscribe" ? { type: "presence.bulk", id, payload: { presences: [] } } : ok;
    }
    if (!talk || !talk.members.includes(userId)) {
      return id === undefined ? null : refused("CONVERSATION_NOT_FOUND");
    }
    const target = talk.entries.find((entry) => entry.kind === "message" && entry.messageId === payload.messageId);
    switch (frame.type) {
      case "message.send": {
        if (target) {
          return ack(target, true);
        }
        if (this.chance(this.faults.unavailable)) {
          return refused(this.random() < 0.5 ? "UNAVAILABLE" : "RATE_LIMITED");
        }
        const held = talk.type === "group" && this.chance(this.faults.held) ? true : undefined;
        const entry = this.append(talk, { kind: "message", held, wasShown: !held, messageId: payload.messageId, senderId: userId, content: payload.content, revision: 0, reactions: [] }, by);
        if (!held) {
          this.wrote(talk, entry);
        }
        return ack(entry, false);
      }
      case "message.edit": {
        if (!target || target.deletedAt || target.senderId !== userId) {
          return refused("MESSAGE_NOT_FOUND");
        }
        target.content = payload.content;
        target.revision++;
        target.held = target.held || (talk.type === "group" && this.chance(this.faults.held)) || undefined;
        target.editedAt = this.clock.now();
        return ack(this.append(talk, this.change(talk, userId, target, "message.edited", { body: payload.content, revision: target.revision, held: target.held, wasShown: target.wasShown }), by), false);
      }
      case "message.delete": {
        if (!target || target.senderId !== userId) {
          return refused("FORBIDDEN");
        }
        if (target.deletedAt) {
          return ack(target, true);
        }
        const body = target.held ? { senderId: target.senderId, revision: target.revision, editedAt: target.editedAt } : undefined;
        Object.assign(target, { content: undefined, reactions: [], held: undefined, deletedAt: this.clock.now(), deletedBy: userId });
        return ack(this.append(talk, this.change(talk, userId, target, "message.deleted", { body }), by), false);
      }
      case "message.react": {
        if (!target || target.deletedAt || target.held) {
          return refused("MESSAGE_NOT_FOUND");
        }
        const { emoji, remove = false } = payload;
        const users: string[] = target.reactions.find((one: any) => one.emoji === emoji)?.userIds ?? [];
        if (users.includes(userId) !== remove) {
          return ack(target, true);
        }
        const next = remove ? users.filter((one) => one !== userId) : [...users, userId];
        const kept = target.reactions.filter((one: any) => one.emoji !== emoji);
        target.reactions = next.length > 0 ? [...kept, { emoji, count: next.length, userIds: next }] : kept;
        return ack(this.append(talk, this.change(talk, userId, target, "reaction", { emoji, removed: remove, count: next.length }), by), false);
      }
      case "message.read":
      case "message.delivered": {
        const upTo = Math.min(payload.upToSequence, talk.entries.length);
        const isRead = frame.type === "message.read";
        this.mark(talk.delivered, userId, upTo);
        if (isRead) {
          this.mark(talk.read, userId, upTo);
        }
        for (const socket of this.sockets) {
          if (talk.members.includes(socket.userId) && (isRead || socket.userId !== userId) && socket !== by) {
            socket.frame(isRead
              ? { type: "message.read_receipt", payload: { conversationId: talk.id, readUpToSequence: upTo, readBy: userId, timestamp: this.clock.now() } }
              : { type: "message.delivered", payload: { conversationId: talk.id, messageIds: [], deliveredUpToSequence: upTo, deliveredTo: userId, timestamp: this.clock.now() } });
          }
        }
        return ok;
      }
      default:
        return ok;
    }
  }

  private change(talk: Talk, actorId: string, target: Entry, kind: string, fields: object): Record<string, unknown> {
    return { kind, messageId: target.messageId, targetSequence: target.sequenceNumber, actorId, ...fields };
  }

  private mark(marks: Map<string, number>, userId: string, upTo: number): void {
    marks.set(userId, Math.max(upTo, marks.get(userId) ?? 0));
  }

  /** Who writes has read what was before. */
  private wrote(talk: Talk, { senderId, sequenceNumber }: Entry): void {
    this.mark(talk.read, senderId, sequenceNumber);
    this.mark(talk.delivered, senderId, sequenceNumber);
  }

  // ---- REST

  /** `fetch` for one user. */
  fetchOf(userId: string): typeof fetch {
    return (async (address: string) => {
      await this.pass();
      if (this.chance(this.faults.callFails)) {
        throw new TypeError("network");
      }
      this.calls++;
      const [status, body] = this.chance(this.faults.callFails) ? [503, "<html>"] : this.rest(userId, address);
      await this.pass();
      if (this.chance(this.faults.callFails)) {
        throw new TypeError("network");
      }
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return { ok: status < 400, status, headers: { get: () => null }, text: async () => text };
    }) as unknown as typeof fetch;
  }

  private pass(): Promise<void> {
    return new Promise((resolve) => this.clock.setTimeout(resolve, Math.floor(this.random() * this.faults.delayMs)));
  }

  private rest(userId: string, address: string): [number, unknown] {
    const [pathname, search] = address.slice("http://".length).replace(/^[^/]+/, "").split("?") as [string, string | undefined];
    const searchParams = new Map(search?.split("&").map((field) => field.split("=") as [string, string]));
    if (pathname === "/api/v1/conversations") {
      const conversations = [...this.talks.values()].filter((talk) => talk.members.includes(userId)).map((talk) => {
        const last = talk.entries.findLast((entry) => entry.kind === "message" && !entry.deletedAt && !entry.held);
        return {
          ...this.view(talk), lastMessage: last ? this.answered(talk, last, userId) : null, unreadCount: this.unread(talk, userId),
          muted: false, personal: { accepted: true }, lastEventAt: last?.timestamp ?? 0,
        };
      });
      return [200, { conversations, hasMore: false }];
    }
    if (pathname.includes("/threads/")) {
      // None has a reply.
      return [404, { error: "MESSAGE_NOT_FOUND", message: "" }];
    }
    const [, id, what, messageId] = /^\/api\/v1\/conversations\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(pathname)!;
    const talk = this.talks.get(decodeURIComponent(id!))!;
    if (what === "receipts") {
      const receipts = talk.members.map((member) => ({
        userId: member, deliveredUpToSequence: talk.delivered.get(member) ?? 0, readUpToSequence: talk.read.get(member) ?? 0,
      }));
      return [200, { receipts }];
    }
    if (messageId !== undefined) {
      const entry = talk.entries.find((one) => one.kind === "message" && one.messageId === messageId);
      return entry ? [200, this.answered(talk, entry, userId)] : [404, { error: "MESSAGE_NOT_FOUND", message: "" }];
    }
    const limit = Math.min(7, Number(searchParams.get("limit")));
    const after = searchParams.get("after") ?? null;
    const before = searchParams.get("before") ?? null;
    const all = after !== null
      ? talk.entries.filter((entry) => entry.sequenceNumber > Number(after))
      : talk.entries.filter((entry) => before === null || entry.sequenceNumber < Number(before)).reverse();
    const messages = all.slice(0, limit).map((entry) => this.answered(talk, entry, userId));
    const hasMore = all.length > limit;
    return [200, { messages, hasMore, expired: [], ...(hasMore ? { nextCursor: `seq_${messages.at(-1)!.sequenceNumber}` } : {}) }];
  }
}

/** Whether a message waits for a moderator, and this user sees nothing but its place. */
function isHidden(entry: Entry, userId: string): boolean {
  return entry.kind === "message" && entry.held === true && entry.senderId !== userId;
}

/** The server's side of a socket of one user, and the client's side of it. */
export class ServerSocket {
  readyState = 0;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly out: string[] = [];
  private readonly inbox: string[] = [];
  private busyOut = false;
  private busyIn = false;

  constructor(readonly server: ScriptedServer, readonly userId: string, resume: string | null) {
    this.after(() => this.opened(resume));
  }

  private opened(resume: string | null): void {
    const { server } = this;
    if (server.chance(server.faults.cut)) {
      this.end(1006);
      return;
    }
    this.readyState = 1;
    const log = server.log(this.userId);
    const place = Number(resume);
    const resumed = resume !== null && place <= log.length && !server.chance(server.faults.refuseResume);
    server.sockets.add(this);
    this.frame({
      type: "connected", connectionId: `c${server.random()}`, serverTime: 0, heartbeatInterval: 30_000, featureLevel: server.featureLevel,
      resumeToken: `${resumed ? place : log.length}`, resumed,
    });
    if (resumed) {
      const missed = log.slice(place);
      for (const { talk, n, frame } of missed) {
        const entry = talk.entries[n - 1]!;
        const isLater = (one: Missed) => one.talk === talk && one.n > n && one.frame.payload.messageId === entry.messageId && one.frame.type === frame.type;
        if (entry.kind === "message.edited" && missed.some(isLater)) {
          // Of each message the last edit alone is told: the numbers of the others are a gap.
          continue;
        }
        this.frame(entry.kind === "message"
          ? { type: "messages.offline", payload: { conversationId: talk.id, messages: [{ ...server.answered(talk, entry, this.userId), status: undefined }] } }
          : frame);
      }
    }
  }

  /** Sends a frame: later, perhaps twice, perhaps behind its successor. */
  frame(frame: Frame): void {
    const { faults } = this.server;
    const text = JSON.stringify(frame);
    const before = this.out.at(-1);
    const movable = (one: string) => !one.startsWith('{"type":"connected"') && !one.startsWith('{"type":"heartbeat"');
    if (before !== undefined && movable(before) && movable(text) && this.server.chance(faults.reorder)) {
      this.out.splice(-1, 0, text);
    } else {
      this.out.push(text);
    }
    if (movable(text) && this.server.chance(faults.duplicate)) {
      this.out.push(text);
    }
    this.flowOut();
  }

  private flowOut(): void {
    if (!this.busyOut && this.out.length > 0) {
      this.busyOut = true;
      this.after(() => {
        this.busyOut = false;
        if (this.server.chance(this.server.faults.cut)) {
          this.end(1006);
          return;
        }
        const data = this.out.shift();
        if (data !== undefined) {
          this.onmessage?.({ data });
        }
        this.flowOut();
      });
    }
  }

  /** The client's side. */
  send(text: string): void {
    this.inbox.push(text);
    this.flowIn();
  }

  private flowIn(): void {
    if (!this.busyIn && this.inbox.length > 0) {
      this.busyIn = true;
      this.after(() => {
        this.busyIn = false;
        const text = this.inbox.shift()!;
        const answer = this.server.command(this.userId, JSON.parse(text), this);
        // Cut between a command and its answer: the worst moment.
        if (this.server.chance(this.server.faults.cut)) {
          this.end(1006);
          return;
        }
        if (answer) {
          this.frame(answer);
        }
        this.flowIn();
      });
    }
  }

  close(): void {
    this.readyState = 3;
    this.server.sockets.delete(this);
  }

  end(code: number): void {
    if (this.readyState !== 3) {
      this.close();
      this.onclose?.({ code, reason: "" });
    }
  }

  private after(run: () => void): void {
    this.server.clock.setTimeout(() => this.readyState !== 3 && run(), Math.floor(this.server.random() * this.server.faults.delayMs));
  }
}

/** The WebSocket of one user's machine. */
export function webSocketOf(server: ScriptedServer, userId: string): typeof WebSocket {
  return class extends ServerSocket {
    constructor(address: string) {
      super(server, userId, /resume=([^&]*)/.exec(address)?.[1] ?? null);
    }
  } as unknown as typeof WebSocket;
}
