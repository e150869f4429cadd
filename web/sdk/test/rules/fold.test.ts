import { describe, expect, it } from "vitest";
import { itemOf, type RawEntry } from "../../src/core/rules/entries.js";
import { afterItem, lineOf } from "../../src/core/rules/line.js";
import { runAfter, runBefore } from "../../src/core/rules/pages.js";
import { patched } from "../../src/core/rules/patch.js";
import { appended, prepended, unreadIn, windowOf, withState } from "../../src/core/rules/window.js";
import type { Message } from "../../src/core/types.js";

const raw = (n: number, senderId = "bob", more: object = {}): RawEntry =>
  ({ kind: "message", sequenceNumber: n, timestamp: n, messageId: `m${n}`, senderId, content: { type: "text", text: `t${n}` }, ...more });
const message = (n: number, senderId?: string, more?: object) => itemOf(raw(n, senderId, more), "c", "alice") as Message;
const step = (n: number, senderId?: string) => ({ n, item: message(n, senderId) });
const shown = (window: { items: readonly { sequenceNumber: number | null }[] }) => window.items.map((item) => item.sequenceNumber);

describe("a window", () => {
  const window = windowOf([step(5), step(4)], 4, 5, true, false);

  it("grows at both ends without doubling", () => {
    expect(shown(appended(window, [step(5), step(6)], 6, false, 100))).toEqual([4, 5, 6]);
    expect(shown(prepended(window, [step(4), step(3)], 3, false, 100))).toEqual([3, 4, 5]);
  });

  it("lets go of its other end beyond its bound", () => {
    const newer = appended(window, [step(6)], 6, false, 2);
    expect([shown(newer), newer.from, newer.hasOlder]).toEqual([[5, 6], 5, true]);
    const older = prepended(window, [step(3)], 3, false, 2);
    expect([shown(older), older.to, older.hasNewer]).toEqual([[3, 4], 4, true]);
  });

  it("brings one's own messages on, and none back", () => {
    const mine = windowOf([step(1, "alice"), step(2), step(3, "alice"), step(4, "alice")], 1, 4, false, false);
    const states = (of: typeof mine) => of.items.map((item) => (item as Message).state);
    const delivered = withState(mine, 0, 3, "DELIVERED");
    expect(states(delivered)).toEqual(["DELIVERED", null, "DELIVERED", "SENT"]);
    expect(states(withState(delivered, 0, 1, "READ"))).toEqual(["READ", null, "DELIVERED", "SENT"]);
    expect(states(withState(mine, 2, 3, "DELIVERED"))).toEqual(["SENT", null, "DELIVERED", "SENT"]);
    expect(withState(delivered, 0, 3, "DELIVERED")).toBe(delivered);
  });

  it("counts what is unread only where it holds all of it", () => {
    const all = windowOf([step(3), step(4, "alice"), step(5)], 3, 5, true, false);
    expect(unreadIn(all, 3, "alice")).toEqual({ unread: 1, mentions: 0 });
    expect(unreadIn(all, 2, "alice")).toEqual({ unread: 2, mentions: 0 });
    expect(unreadIn(all, 1, "alice")).toBeNull();
  });
});

describe("pages", () => {
  it("cover the numbers up to their cursor, and to the end without one", () => {
    const page = { messages: [raw(11), raw(13)] as never, hasMore: true, nextCursor: "seq_14", expired: [{ from: 12, to: 12 }, { from: 14, to: 14 }] };
    expect(runAfter(page, 10, "c", "alice")).toMatchObject({ from: 11, to: 14, hasMore: true });
    expect(runAfter({ ...page, hasMore: false, nextCursor: undefined }, 10, "c", "alice")).toMatchObject({ from: 11, to: 14, hasMore: false });
    expect(runBefore({ messages: [raw(9), raw(8)] as never, hasMore: true, nextCursor: "seq_7", expired: [] }, 10, "c", "alice"))
      .toMatchObject({ from: 7, to: 9, hasMore: true });
  });

  it("that bring nothing on end the walk", () => {
    expect(runAfter({ messages: [], hasMore: true, nextCursor: "seq_10", expired: [] }, 10, "c", null).hasMore).toBe(false);
    expect(runBefore({ messages: [], hasMore: true, nextCursor: "seq_10", expired: [] }, 10, "c", null).hasMore).toBe(false);
  });
});

describe("changes of a message", () => {
  const one = message(1);

  it("are folded, each to the state that is answered afterwards", () => {
    const edited = patched(one, { kind: "edit", messageId: "m1", content: { type: "text", text: "new" }, revision: 1, editedAt: 9 }, "alice");
    expect([edited.content?.text, edited.revision]).toEqual(["new", 1]);
    expect(patched(edited, { kind: "edit", messageId: "m1", content: { type: "text", text: "old" }, revision: 0, editedAt: 8 }, "alice")).toBe(edited);
    const liked = patched(edited, { kind: "react", messageId: "m1", userId: "alice", emoji: "👍", removed: false, count: 1 }, "alice");
    expect(liked.reactions).toEqual([{ emoji: "👍", count: 1, userIds: ["alice"], mine: true }]);
    const twice = patched(liked, { kind: "react", messageId: "m1", userId: "alice", emoji: "👍", removed: false }, "alice");
    expect(twice.reactions[0]!.count).toBe(1);
    expect(patched(twice, { kind: "counts", messageId: "m1", reactions: [{ emoji: "👍", count: 12 }] }, "alice").reactions[0]!.count).toBe(12);
    expect(patched(liked, { kind: "react", messageId: "m1", userId: "alice", emoji: "👍", removed: true }, "alice").reactions).toEqual([]);
    const gone = patched(liked, { kind: "delete", messageId: "m1", deletedAt: 10, deletedBy: "bob" }, "alice");
    expect([gone.content, gone.reactions, gone.deletedBy]).toEqual([null, [], "bob"]);
    expect(patched(gone, { kind: "pin", messageId: "m1", removed: false }, "alice")).toBe(gone);
  });
});

describe("a line of the inbox", () => {
  const line = lineOf({
    conversationId: "c", type: "direct", participants: [], memberCount: 2, lastSequence: 5, createdAt: "", lastMessage: raw(5) as never,
    unreadCount: 2, unreadMentions: 1, muted: false, personal: { accepted: true, archived: false, pinned: false, hidden: true, unreadFrom: 4 }, lastEventAt: 5,
  }, "alice");

  it("counts each message once, and none that is read or one's own", () => {
    expect(afterItem(line, 5, message(5), 0, "alice").unread).toBe(2);
    expect(afterItem(line, 6, message(6), 0, "alice").unread).toBe(3);
    expect(afterItem(line, 6, message(6), 6, "alice").unread).toBe(2);
    expect(afterItem(line, 6, message(6, "alice"), 0, "alice")).toMatchObject({ unread: 0, at: 6 });
    expect(afterItem(line, 6, null, 0, "alice").lastMessage).toBe(line.lastMessage);
    expect(afterItem(line, 6, message(6), 0, "alice").personal).toMatchObject({ hidden: false, unreadFrom: 4 });
    expect(afterItem(line, 6, message(6, "alice"), 0, "alice").personal.unreadFrom).toBeUndefined();
    const naming = (named: string[] | "all") => afterItem(line, 6, { ...message(6), content: { type: "text", text: "x", mentions: named } }, 0, "alice");
    expect([naming(["bob", "alice"]), naming("all"), naming(["bob"])].map(({ mentions }) => mentions)).toEqual([2, 2, 1]);
  });
});
