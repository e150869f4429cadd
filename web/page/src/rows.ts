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
  | { readonly kind: "change"; readonly key: string; readonly change: Change };

/** Messages of one sender that are this close stand together. */
const GROUP_WITHIN_MS = 5 * 60_000;

/** The rows of a timeline, oldest first; a line for new messages stands before the item of this key. */
export function rowsOf(items: readonly TimelineItem[], newBefore: string | null): Row[] {
  const rows: Row[] = [{ kind: "start", key: "start" }];
  let day: number | null = null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const today = dayOf(item.timestamp);
    if (day === null || today > day) {
      day = today;
      rows.push({ kind: "day", key: `day:${today}`, at: item.timestamp });
    }
    if (item.key === newBefore) {
      rows.push({ kind: "new", key: "new" });
    }
    if (item.kind === "message") {
      rows.push({
        kind: "message",
        key: `item:${item.key}`,
        message: item,
        first: item.key === newBefore || !together(items[i - 1], item),
        last: items[i + 1]?.key === newBefore || !together(item, items[i + 1]),
      });
    } else {
      rows.push({ kind: "change", key: `item:${item.key}`, change: item });
    }
  }
  return rows;
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
    if (item.kind === "message" && !item.mine) {
      first = item.key;
      left--;
    }
  }
  return first;
}
