import type { MessageContent } from "../protocol.js";
import type { Change, HiddenMessage, Message, OutboxEntry, Reaction, SendState, TimelineItem } from "../types.js";
import type { MilenaError } from "../errors.js";
import type { Patch } from "./patch.js";
import type { Step } from "./sequence.js";

/** An entry of the protocol as it comes: all fields that any kind may have, those of later levels too. */
export interface RawEntry {
  kind: string;
  sequenceNumber: number;
  timestamp: number;
  messageId?: string;
  senderId?: string;
  content?: MessageContent;
  expiresAt?: number;
  status?: "SENT" | "DELIVERED" | "READ";
  revision?: number;
  editedAt?: number;
  deletedAt?: number;
  deletedBy?: string;
  reactions?: Reaction[];
  pinned?: boolean;
  replyTo?: Message["replyTo"];
  threadOf?: string;
  threadSequence?: number;
  threadOrdinal?: number;
  showInConversation?: boolean;
  thread?: Message["thread"];
  actorId?: string;
  userIds?: string[];
  role?: string;
  name?: string;
  settings?: Change["settings"];
  targetSequence?: number;
  removed?: boolean;
  held?: boolean;
  hidden?: boolean;
}

const CHANGES: readonly string[] = [
  "conversation.created", "conversation.updated", "member.added", "member.removed", "role.changed",
];

/** What is shown of an entry; null for kinds that have no place of their own. */
export function itemOf(entry: RawEntry, conversationId: string, me: string | null): TimelineItem | null {
  if (entry.hidden) {
    return hiddenAt(entry.sequenceNumber, { conversationId, timestamp: entry.timestamp });
  }
  if (entry.kind === "message") {
    const hidden = entry.threadOf !== undefined && entry.showInConversation === false;
    return entry.messageId === undefined || hidden ? null : messageOf(entry, conversationId, me);
  }
  if (!CHANGES.includes(entry.kind)) {
    return null;
  }
  return { actorId: "", ...entry, key: `#${entry.sequenceNumber}`, conversationId } as Change;
}

/** The place of a message that this user is not shown while it waits for a moderator. */
export function hiddenAt(sequenceNumber: number, { conversationId, timestamp }: Pick<Message, "conversationId" | "timestamp">): HiddenMessage {
  return { kind: "hidden", key: `#${sequenceNumber}`, conversationId, sequenceNumber, timestamp };
}

/** What stands at the number of a message: shown in the conversation, in a thread, or both. */
export function stepOf(entry: RawEntry, conversationId: string, me: string | null): Step {
  const item = itemOf(entry, conversationId, me);
  return entry.kind === "message" && entry.threadOf !== undefined && entry.messageId !== undefined
    ? replyStep(messageOf(entry, conversationId, me), item !== null)
    : { n: entry.sequenceNumber, item };
}

/** @param isShown whether it is shown in the conversation, too */
export function replyStep(reply: Message, isShown: boolean): Step {
  const { sequenceNumber, threadOf = "", threadOrdinal = 0, timestamp, senderId } = reply;
  if (reply.held) {
    // It comes into its thread once it is released.
    return { n: sequenceNumber!, item: isShown ? reply : null, reply };
  }
  return {
    n: sequenceNumber!, item: isShown ? reply : null, reply,
    patch: { kind: "thread", messageId: threadOf, ordinal: threadOrdinal, at: timestamp, userId: senderId },
  };
}

function messageOf(entry: RawEntry, conversationId: string, me: string | null): Message {
  const mine = entry.senderId === me;
  return {
    ...PLAIN, ...(entry as RawEntry & { kind: "message"; messageId: string; senderId: string }),
    key: entry.messageId!, conversationId, mine,
    content: entry.deletedAt === undefined ? (entry.content ?? null) : null,
    state: mine ? (entry.status ?? "SENT") : null,
  };
}

/** What most messages have. */
const PLAIN = { error: null, revision: 0, reactions: [], pinned: false };

/** A message of one's own that is not acked. */
export function pendingMessage(entry: OutboxEntry, me: string | null, error: MilenaError | null): Message {
  const { messageId, conversationId, content, createdAt, options } = entry;
  return {
    ...PLAIN, ...options, kind: "message", key: messageId, messageId, conversationId, senderId: me ?? "", mine: true, content,
    sequenceNumber: null, timestamp: createdAt, state: error ? "FAILED" : "SENDING", error,
    replyTo: options.replyTo === undefined ? undefined : { messageId: options.replyTo, sequenceNumber: null },
  };
}

const RANK: Record<SendState, number> = { FAILED: 0, SENDING: 1, SENT: 2, DELIVERED: 3, READ: 4 };

/** Whether a message has come as far as `state`, or is of somebody else. */
export function hasReached(message: Message, state: SendState): boolean {
  return message.state === null || RANK[message.state] >= RANK[state];
}

/** Whether somebody else's message mentions this user. */
export function mentions({ mine, content }: Message, me: string | null): boolean {
  const named = content?.mentions;
  return !mine && (named === "all" || (named ?? []).includes(me ?? ""));
}

/** The steps of a page of entries. */
export function stepsOf(entries: readonly RawEntry[], conversationId: string, me: string | null): Step[] {
  return entries.map((entry) => {
    const patch = patchIn(entry);
    const [isEdit, isRelease] = [entry.kind === "message.edited", entry.kind === "message.released"];
    return { patch, changes: patch ? undefined : entry.targetSequence, isEdit, isRelease, ...stepOf(entry, conversationId, me) };
  });
}

/** What an entry says of an earlier message by itself; an edit and a reaction say no more than that there was one. */
function patchIn({ kind, messageId = "", targetSequence, timestamp, actorId = "", removed = false }: RawEntry): Patch | undefined {
  return kind === "message.deleted" ? { kind: "delete", messageId, deletedAt: timestamp, deletedBy: actorId, place: targetSequence }
    : kind === "message.pinned" ? { kind: "pin", messageId, removed }
    : undefined;
}

/** The message as a frame gives it that was not shown before. */
function entryIn({ targetSequence, released: _, ...fields }: Record<string, unknown>): RawEntry {
  return { ...fields, kind: "message", sequenceNumber: targetSequence } as unknown as RawEntry;
}

/** What a frame about a message says, by the type of the frame; null if it is no such frame. */
export function patchOf(type: string, payload: Record<string, unknown>): Patch | null {
  const said = payload as {
    messageId: string; content: MessageContent; revision: number; editedAt: number; timestamp: number; deletedBy: string; targetSequence: number;
    userId: string; emoji: string; removed: boolean; count: number; reactions?: { emoji: string; count: number }[];
  };
  const { messageId } = said;
  switch (type) {
    case "message.updated":
      if (payload.hidden === true) {
        // One that this user was never shown is not named, and stays as it is.
        return messageId === undefined ? null : { kind: "hide", messageId, place: said.targetSequence };
      }
      // Without content it is of a message that this user may not read.
      if (!said.content) {
        return null;
      }
      if (payload.released === true) {
        return { kind: "release", messageId, place: said.targetSequence, entry: entryIn(payload) };
      }
      return { kind: "edit", messageId, content: said.content, revision: said.revision, editedAt: said.editedAt, held: payload.held === true || undefined };
    case "message.deleted":
      return { kind: "delete", messageId, deletedAt: said.timestamp, deletedBy: said.deletedBy, place: said.targetSequence, entry: payload.senderId ? { ...entryIn(payload), deletedAt: said.timestamp } : undefined };
    case "message.reaction":
      return said.reactions
        ? { kind: "counts", messageId, reactions: said.reactions }
        : { kind: "react", messageId, userId: said.userId, emoji: said.emoji, removed: said.removed, count: said.count };
    case "message.pinned":
      return { kind: "pin", messageId, removed: said.removed };
    default:
      return null;
  }
}
