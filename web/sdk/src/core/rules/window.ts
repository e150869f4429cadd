import type { HiddenMessage, Message, SendState, TimelineItem } from "../types.js";
import { hasReached, mentions, stepOf } from "./entries.js";
import { type Patch, patched } from "./patch.js";
import type { Step } from "./sequence.js";

/** A run of a conversation without a gap: everything that is shown of the numbers `from` to `to`. */
export interface Window {
  /** oldest first, by number */
  readonly items: readonly TimelineItem[];
  readonly from: number;
  readonly to: number;
  /** whether there may be more before it */
  readonly hasOlder: boolean;
  /** whether it does not reach the end, so that live steps are not appended */
  readonly hasNewer: boolean;
}

export function windowOf(steps: readonly Step[], from: number, to: number, hasOlder: boolean, hasNewer: boolean): Window {
  return { items: shown(steps), from, to, hasOlder, hasNewer };
}

function shown(steps: readonly Step[]): TimelineItem[] {
  return steps.flatMap((step) => step.item ?? []).sort((a, b) => a.sequenceNumber! - b.sequenceNumber!);
}

/** The window with what follows it; items beyond `max` go at its other end, a tenth of it at a time. */
export function appended(window: Window, steps: readonly Step[], to: number, hasNewer: boolean, max: number): Window {
  const items = window.items.concat(shown(steps.filter((step) => step.n > window.to)));
  const next = { ...window, items, to: Math.max(to, window.to), hasNewer };
  if (items.length <= max) {
    return next;
  }
  const over = items.length - max + Math.floor(max / 10);
  return { ...next, items: items.slice(over), from: items[over]!.sequenceNumber!, hasOlder: true };
}

/** The window with what is before it; items beyond `max` go at its other end. */
export function prepended(window: Window, steps: readonly Step[], from: number, hasOlder: boolean, max: number): Window {
  const items = shown(steps.filter((step) => step.n < window.from)).concat(window.items);
  const next = { ...window, items, from: Math.min(from, window.from), hasOlder };
  return items.length <= max
    ? next
    : { ...next, items: items.slice(0, max), to: items[max - 1]!.sequenceNumber!, hasNewer: true };
}

export function withPatch(window: Window, patch: Patch, me: string | null): Window {
  return changed(window, patch.messageId, (message) => patched(message, patch, me));
}

/** The window with one of its messages put in another way; the same window if it is not there or stays as it is. */
export function changed(window: Window, messageId: string, change: (message: Message) => Message): Window {
  const at = window.items.findLastIndex((item) => item.kind === "message" && item.messageId === messageId);
  const before = window.items[at];
  if (before?.kind !== "message") {
    return window;
  }
  const after = change(before);
  return after === before ? window : { ...window, items: window.items.with(at, after) };
}

/** The place of a message that waits for a moderator; null if none does there. */
export function hiddenIn(window: Window, place: number): HiddenMessage | null {
  const found = window.items.findLast((item) => item.sequenceNumber === place);
  return found?.kind === "hidden" ? found : null;
}

/** What stands in that place once a change of it came: the released message, or nothing that is known yet. */
function afterHidden(hidden: HiddenMessage, patch: Patch, me: string | null): TimelineItem | null {
  return patch.kind === "release" ? stepOf({ ...patch.entry, timestamp: hidden.timestamp }, hidden.conversationId, me).item : null;
}

/** The window with a message that is released, in its place. */
export function withReleased(window: Window, hidden: HiddenMessage, patch: Patch, me: string | null): Window {
  const item = afterHidden(hidden, patch, me);
  return { ...window, items: window.items.flatMap((one) => (one === hidden ? (item ?? []) : one)) };
}

export function messageIn(window: Window, messageId: string): Message | null {
  const found = window.items.findLast((item) => item.kind === "message" && item.messageId === messageId);
  return found?.kind === "message" ? found : null;
}

/** One's own messages behind `after`, up to `upTo`, have come as far as `state`. */
export function withState(window: Window, after: number, upTo: number, state: SendState): Window {
  let items: TimelineItem[] | null = null;
  for (let at = window.items.length - 1; at >= 0 && window.items[at]!.sequenceNumber! > after; at--) {
    const item = window.items[at]!;
    if (item.kind === "message" && item.sequenceNumber! <= upTo && !hasReached(item, state)) {
      items ??= window.items.slice();
      items[at] = { ...item, state };
    }
  }
  return items ? { ...window, items } : window;
}

/** The window with items as they were answered now, in the place of those of the same numbers. */
export function refreshed(window: Window, steps: readonly Step[]): Window {
  const fresh = new Map(steps.map((step) => [step.n, step.item]));
  return { ...window, items: window.items.flatMap((item) => (fresh.has(item.sequenceNumber!) ? (fresh.get(item.sequenceNumber!) ?? []) : item)) };
}

/** The steps of a page that was asked for before `patches` were applied, with them in it. */
export function withPatches(steps: readonly Step[], patches: readonly Patch[], me: string | null): readonly Step[] {
  return patches.length === 0
    ? steps
    : steps.map((step) => {
      const { item } = step;
      if (item?.kind === "hidden") {
        const its = patches.find((patch) => "place" in patch && patch.place === step.n);
        return its ? { ...step, item: afterHidden(item, its, me) } : step;
      }
      const its = item?.kind === "message" ? patches.filter((patch) => patch.messageId === item.messageId) : [];
      return its.length === 0 ? step : { ...step, item: its.reduce((message, patch) => patched(message, patch, me), item as Message) };
    });
}

/** How many messages of others behind a number can be read, and how many of them mention this user; null if the window does not hold all of them. */
export function unreadIn(window: Window, read: number, me: string | null): { unread: number; mentions: number } | null {
  if (window.hasNewer || window.from > read + 1) {
    return null;
  }
  const count = { unread: 0, mentions: 0 };
  for (let at = window.items.length - 1; at >= 0 && window.items[at]!.sequenceNumber! > read; at--) {
    const item = window.items[at]!;
    if (item.kind === "message" && !item.mine && item.content !== null) {
      count.unread++;
      count.mentions += mentions(item, me) ? 1 : 0;
    }
  }
  return count;
}
