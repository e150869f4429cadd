import type { Change, Message, TimelineItem } from "@milena/sdk";
import { dayOf } from "./dates.js";

/** A line of the list of messages. Its key stays the same as long as it stands for the same thing. */
export type Row =
  | { readonly kind: "start"; readonly key: "start" }
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "new"; readonly key: "new" }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly message: Message;
      /** whether it is the first of a group of the same sender */
      readonly first: boolean;
      /** whether it is the last of such a group */
      readonly last: boolean;
    }
  | {
      readonly kind: "change";
      readonly key: string;
      readonly change: Change;
      /** whether the name is another one than before */
      readonly renamed: boolean;
    }
  /** a message that waits for a moderator */
  | { readonly kind: "hidden"; readonly key: string };

/** Messages of one sender that are this close stand together. */
const GROUP_WITHIN_MS = 5 * 60_000;

/** The rows of a timeline, oldest first. What stands before the first change is taken over from the time before. */
export class Rows {
  private items: readonly TimelineItem[] = [];
  private newBefore: string | null = null;
  private rows: readonly Row[] = [{ kind: "start", key: "start" }];
  /** for each item, how many rows are before it, and the last day among them */
  private readonly counts: number[] = [];
  private readonly days: number[] = [];

  /** @param newBefore a line for new messages stands before the item of this key */
  of(items: readonly TimelineItem[], newBefore: string | null): readonly Row[] {
    if (items === this.items && newBefore === this.newBefore) {
      return this.rows;
    }
    const known = newBefore === this.newBefore ? sameAtStart(items, this.items) : 0;
    // The last one that is the same may end a group no longer, or end one now.
    const from = Math.max(0, known - 1);
    const rows = this.rows.slice(0, this.counts[from] ?? 1);
    let day = this.days[from] ?? -Infinity;
    for (let i = from; i < items.length; i++) {
      const item = items[i]!;
      this.counts[i] = rows.length;
      this.days[i] = day;
      const today = dayOf(item.timestamp);
      if (today > day) {
        day = today;
        rows.push({ kind: "day", key: `day:${today}`, at: item.timestamp });
      }
      if (item.key === newBefore) {
        rows.push({ kind: "new", key: "new" });
      }
      rows.push(rowOf(items, i, newBefore));
    }
    this.counts.length = this.days.length = items.length;
    this.items = items;
    this.newBefore = newBefore;
    this.rows = rows;
    return rows;
  }
}

function sameAtStart(some: readonly unknown[], others: readonly unknown[]): number {
  const end = Math.min(some.length, others.length);
  let at = 0;
  while (at < end && some[at] === others[at]) {
    at++;
  }
  return at;
}

function rowOf(items: readonly TimelineItem[], i: number, newBefore: string | null): Row {
  const item = items[i]!;
  const key = `item:${item.key}`;
  switch (item.kind) {
    case "hidden":
      return { kind: "hidden", key };
    case "message":
      return {
        kind: "message",
        key,
        message: item,
        first: item.key === newBefore || !together(items[i - 1], item),
        last: items[i + 1]?.key === newBefore || !together(item, items[i + 1]),
      };
    default:
      return { kind: "change", key, change: item, renamed: isRenamed(items, i, item) };
  }
}

/** A change gives the name as it is then, also if something else has changed. */
function isRenamed(items: readonly TimelineItem[], i: number, { kind, name }: Change): boolean {
  for (let at = i - 1; kind === "conversation.updated" && at >= 0; at--) {
    const before = items[at]!;
    if (before.kind === "conversation.updated" || before.kind === "conversation.created") {
      return before.name !== name;
    }
  }
  // What was before is not loaded.
  return true;
}

function together(before: TimelineItem | undefined, after: TimelineItem | undefined): boolean {
  return (
    before?.kind === "message" &&
    after?.kind === "message" &&
    before.senderId === after.senderId &&
    after.timestamp - before.timestamp < GROUP_WITHIN_MS &&
    dayOf(before.timestamp) === dayOf(after.timestamp)
  );
}

/** The key of the item before which new messages begin; null if there are none, or they begin before what is there. */
export function firstUnread(items: readonly TimelineItem[], unreadCount: number): string | null {
  let left = unreadCount;
  let first: string | null = null;
  for (let i = items.length - 1; i >= 0 && left > 0; i--) {
    const item = items[i]!;
    if (item.kind === "message" && !item.mine && !item.held) {
      first = item.key;
      left--;
    }
  }
  return first;
}

/** The message that is quoted, if it is among these: they are in the order of their numbers, those without one at the end. */
export function quotedIn(items: readonly TimelineItem[], { messageId, sequenceNumber }: NonNullable<Message["replyTo"]>): Message | null {
  let found: TimelineItem | undefined;
  if (sequenceNumber === null) {
    found = items.findLast((item) => item.kind === "message" && item.messageId === messageId);
  } else {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((items[middle]!.sequenceNumber ?? Infinity) < sequenceNumber) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    found = items[low];
  }
  return found?.kind === "message" && found.messageId === messageId ? found : null;
}

/** How many messages of others stand behind a number. */
export function countAfter(items: readonly TimelineItem[], number: number): number {
  let count = 0;
  for (let i = items.length - 1; i >= 0 && (items[i]!.sequenceNumber ?? Infinity) > number; i--) {
    const item = items[i]!;
    count += item.kind === "message" && !item.mine && item.sequenceNumber !== null ? 1 : 0;
  }
  return count;
}
