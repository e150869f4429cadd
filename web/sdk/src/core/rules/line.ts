import type { ConversationView, InboxLine, Personal } from "../protocol.js";
import type { Message, TimelineItem } from "../types.js";
import { itemOf, mentions, type RawEntry } from "./entries.js";
import { patched, type Patch } from "./patch.js";

/** A conversation's line in the inbox, as it is after the numbers up to `at`. */
export interface Line {
  readonly view: ConversationView;
  readonly lastMessage: Message | null;
  readonly lastEventAt: number;
  readonly unread: number;
  /** of these, the ones that mention this user */
  readonly mentions: number;
  readonly muted: boolean;
  readonly mutedUntil?: number;
  readonly personal: Personal;
  /** the number up to which messages are counted in it */
  readonly at: number;
  /** the number up to which changes of the conversation are in `view` */
  readonly viewAt: number;
}

/** From this level on users keep more of a conversation than that they have joined in. */
export const PERSONAL_LEVEL = 5;

/** What a user keeps of most conversations. */
const PLAIN: Personal = { accepted: true, archived: false, pinned: false, hidden: false };

/** A line as it was written down, by an earlier version too. */
export function lineAsKept(line: Line): Line {
  return { ...line, mentions: line.mentions ?? 0, personal: { ...PLAIN, ...line.personal } };
}

/** The line that an inbox answered. */
export function lineOf(answered: InboxLine, me: string | null): Line {
  const { lastMessage, lastEventAt, unreadCount, unreadMentions = 0, firstUnreadSequence: _, muted, mutedUntil, personal, ...view } = answered;
  const last = lastMessage && itemOf(lastMessage as RawEntry, view.conversationId, me);
  return {
    view, lastEventAt, muted, mutedUntil,
    lastMessage: last?.kind === "message" ? last : null,
    unread: unreadCount, mentions: unreadMentions,
    personal: { ...PLAIN, ...personal },
    at: view.lastSequence, viewAt: view.lastSequence,
  };
}

/** The line of a conversation of which nothing but a frame or the answer of a call is known. */
export function lineOfView(view: ConversationView, me: string | null, number: number): Line {
  return {
    view,
    lastMessage: null,
    lastEventAt: Date.parse(view.createdAt) || 0,
    unread: 0, mentions: 0,
    muted: false,
    personal: { ...PLAIN, accepted: me !== null && view.memberCount === 1 },
    at: number, viewAt: number,
  };
}

export function withView(line: Line, view: ConversationView, number: number): Line {
  return number < line.viewAt ? line : { ...line, view, viewAt: number };
}

/** The line after the item at a number; `read` is the number up to which this user has read. */
export function afterItem(line: Line, n: number, item: TimelineItem | null, read: number, me: string | null): Line {
  if (n <= line.at) {
    return line;
  }
  // What waits for a moderator is neither the last message nor unread, and who wrote it has not yet joined in by that.
  if (item?.kind !== "message" || item.content === null || item.held) {
    return { ...line, at: n };
  }
  const { unreadFrom, ...personal } = line.personal;
  return {
    ...line,
    at: n,
    lastMessage: item,
    lastEventAt: item.timestamp,
    unread: item.mine ? 0 : line.unread + (n > read ? 1 : 0),
    mentions: item.mine ? 0 : line.mentions + (n > read && mentions(item, me) ? 1 : 0),
    personal: { ...personal, accepted: personal.accepted || item.mine, hidden: false, ...(unreadFrom === undefined || item.mine ? {} : { unreadFrom }) },
  };
}

/** The line after a message that waited for a moderator is released, in its place. */
export function afterRelease(line: Line, message: Message, read: number, me: string | null): Line {
  const isUnread = !message.mine && message.sequenceNumber! > read;
  const isLast = message.sequenceNumber! > (line.lastMessage?.sequenceNumber ?? 0);
  return {
    ...line,
    unread: line.unread + (isUnread ? 1 : 0),
    mentions: line.mentions + (isUnread && mentions(message, me) ? 1 : 0),
    lastMessage: isLast ? message : line.lastMessage,
    lastEventAt: isLast ? Math.max(line.lastEventAt, message.timestamp) : line.lastEventAt,
    personal: { ...line.personal, accepted: line.personal.accepted || message.mine },
  };
}

/** The line after a change of its last message. */
export function afterPatch(line: Line, patch: Patch, me: string | null): Line {
  const last = line.lastMessage;
  return last?.messageId === patch.messageId ? { ...line, lastMessage: patched(last, patch, me) } : line;
}
