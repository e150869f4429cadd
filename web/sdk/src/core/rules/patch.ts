import type { MessageContent } from "../protocol.js";
import type { Message, Reaction } from "../types.js";
import type { RawEntry } from "./entries.js";

/** A change of one message. */
export type Patch =
  | { readonly kind: "edit"; readonly messageId: string; readonly content: MessageContent; readonly revision: number; readonly editedAt: number; readonly held?: boolean }
  | { readonly kind: "delete"; readonly messageId: string; readonly deletedAt: number; readonly deletedBy: string; readonly place?: number; readonly entry?: RawEntry }
  /** A message that waits for a moderator again, since it was edited, and is not shown to this user. */
  | { readonly kind: "hide"; readonly messageId: string; readonly place: number }
  /** A message that waited for a moderator, as it is from now on to everybody. */
  | { readonly kind: "release"; readonly messageId: string; readonly place: number; readonly entry: RawEntry }
  | { readonly kind: "react"; readonly messageId: string; readonly userId: string; readonly emoji: string; readonly removed: boolean; readonly count?: number }
  | { readonly kind: "counts"; readonly messageId: string; readonly reactions: readonly { readonly emoji: string; readonly count: number }[] }
  | { readonly kind: "thread"; readonly messageId: string; readonly ordinal: number; readonly at: number; readonly userId: string }
  | { readonly kind: "pin"; readonly messageId: string; readonly removed: boolean };

const SHOWN_USERS = 10;
const THREAD_USERS = 5;

/** The message with the change in it. */
export function patched(message: Message, patch: Patch, me: string | null): Message {
  if (patch.kind === "thread") {
    // The thread of a deleted message goes on.
    return { ...message, thread: replied(message.thread, patch) };
  }
  if (message.content === null) {
    return message;
  }
  switch (patch.kind) {
    case "edit":
      return patch.revision < message.revision
        ? message
        : { ...message, content: patch.content, revision: patch.revision, editedAt: patch.editedAt, held: patch.held };
    case "hide":
      return message;
    case "release": {
      // It may have been edited while it waited.
      const { content = message.content, revision = 0, editedAt, threadOrdinal, threadSequence } = patch.entry;
      const now = { ...message, threadOrdinal, threadSequence, held: undefined };
      return revision < message.revision ? now : { ...now, content, revision, editedAt };
    }
    case "delete": {
      const { revision = message.revision, editedAt = message.editedAt } = patch.entry ?? {};
      return {
        ...message, content: null, reactions: [], pinned: false, held: undefined, revision, editedAt,
        deletedAt: patch.deletedAt, deletedBy: patch.deletedBy,
      };
    }
    case "pin":
      return { ...message, pinned: !patch.removed };
    case "counts":
      return { ...message, reactions: patch.reactions.reduce((all, one) => counted(all, one.emoji, one.count), message.reactions) };
    case "react":
      return { ...message, reactions: reacted(message.reactions, patch, me) };
  }
}

/** A thread with one more reply; what it knows already changes nothing. */
function replied(thread: Message["thread"], { ordinal, at, userId }: Patch & { kind: "thread" }): Message["thread"] {
  const { replyCount = 0, participantIds = [] } = thread ?? {};
  const latest = [userId, ...participantIds.filter((other) => other !== userId)].slice(0, THREAD_USERS);
  return ordinal > replyCount || !thread ? { replyCount: ordinal, lastReplyAt: at, participantIds: latest } : thread;
}

function counted(reactions: readonly Reaction[], emoji: string, count: number): readonly Reaction[] {
  const found = reactions.find((reaction) => reaction.emoji === emoji);
  const rest = count > 0 ? { emoji, count, userIds: found?.userIds ?? [], mine: found?.mine ?? false } : null;
  return replaced(reactions, emoji, rest);
}

function reacted(reactions: readonly Reaction[], patch: Patch & { kind: "react" }, me: string | null): readonly Reaction[] {
  const found = reactions.find((reaction) => reaction.emoji === patch.emoji);
  const had = found?.userIds ?? [];
  const others = had.filter((userId) => userId !== patch.userId);
  const userIds = patch.removed ? others : had.includes(patch.userId) ? had : [...had, patch.userId].slice(0, SHOWN_USERS);
  const mine = patch.userId === me ? !patch.removed : (found?.mine ?? false);
  const change = patch.removed ? (had.includes(patch.userId) ? -1 : 0) : had.includes(patch.userId) ? 0 : 1;
  // Whoever is named counts, also where an answer was ahead of this change.
  const count = patch.count ?? Math.max(0, (found?.count ?? 0) + change, patch.removed ? 0 : userIds.length);
  return replaced(reactions, patch.emoji, count > 0 ? { emoji: patch.emoji, count, userIds, mine } : null);
}

function replaced(reactions: readonly Reaction[], emoji: string, by: Reaction | null): readonly Reaction[] {
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  if (!by) {
    return reactions.filter((reaction) => reaction.emoji !== emoji);
  }
  return known ? reactions.map((reaction) => (reaction.emoji === emoji ? by : reaction)) : [...reactions, by];
}
