import type { Message, SendState, TimelineItem } from "../types.js";
import { hasReached, hiddenAt, mentions, stepOf } from "./entries.js";
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

/** What a patch is about, if it is here. */
export function patchedIn(window: Window, patch: Patch): TimelineItem | null {
  return window.items.findLast((item) => isAbout(patch, item)) ?? null;
}

function isAbout(patch: Patch, item: TimelineItem): boolean {
  return item.kind === "message" ? item.messageId === patch.messageId : item.kind === "hidden" && "place" in patch && patch.place === item.sequenceNumber;
}

/** An item after a change of it; null if it is shown here no longer. */
function itemAfter(item: TimelineItem, patch: Patch, me: string | null): TimelineItem | null {
  if (item.kind === "message") {
    return patch.kind === "hide" ? hiddenAt(patch.place, item) : patched(item, patch, me);
  }
  return item.kind === "hidden" && "entry" in patch && patch.entry ? stepOf({ ...patch.entry, timestamp: item.timestamp }, item.conversationId, me).item : item;
}

/** The window with a change of one of its items. */
export function withPatch(window: Window, before: TimelineItem, patch: Patch, me: string | null): Window {
  const after = itemAfter(before, patch, me);
  const at = window.items.lastIndexOf(before);
  return after === before ? window : { ...window, items: after ? window.items.with(at, after) : window.items.toSpliced(at, 1) };
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
      const its = item ? patches.filter((patch) => isAbout(patch, item)) : [];
      return its.length === 0 ? step : { ...step, item: its.reduce<TimelineItem | null>((now, patch) => now && itemAfter(now, patch, me), item) };
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
    if (item.kind === "message" && !item.mine && item.content !== null && !item.held) {
      count.unread++;
      count.mentions += mentions(item, me) ? 1 : 0;
    }
  }
  return count;
}
