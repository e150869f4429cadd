import type { Client, Message, TimelineItem } from "@milena/sdk";
import { describe, expect, it } from "vitest";
import { initials, Names, parsePeople } from "../src/names.js";
import { countAfter, firstUnread, quotedIn, Rows } from "../src/rows.js";

const NOON = new Date(2026, 0, 5, 12).getTime();
const MINUTE = 60_000;

function message(number: number, senderId: string, at: number): Message {
  return {
    kind: "message",
    key: `m${number}`,
    messageId: `m${number}`,
    conversationId: "c",
    senderId,
    mine: senderId === "me",
    content: { type: "text", text: `${number}` },
    sequenceNumber: number,
    timestamp: at,
    state: null,
    error: null,
    revision: 0,
    reactions: [],
    pinned: false,
  };
}

const rowsOf = (items: TimelineItem[], newBefore: string | null) => new Rows().of(items, newBefore);

const shape = (items: TimelineItem[], newBefore: string | null = null) =>
  rowsOf(items, newBefore).map((row) => (row.kind === "message" ? `${row.message.key}${row.first ? "[" : ""}${row.last ? "]" : ""}` : row.kind));

describe("rowsOf", () => {
  it("groups what one person says in a row", () => {
    expect(
      shape([
        message(1, "a", NOON),
        message(2, "a", NOON + MINUTE),
        message(3, "b", NOON + 2 * MINUTE),
        message(4, "b", NOON + 8 * MINUTE),
      ]),
    ).toEqual(["start", "day", "m1[", "m2]", "m3[]", "m4[]"]);
  });

  it("parts days and what is new", () => {
    expect(shape([message(1, "a", NOON), message(2, "a", NOON + 1_440 * MINUTE), message(3, "a", NOON + 1_441 * MINUTE)], "m3")).toEqual([
      "start",
      "day",
      "m1[]",
      "day",
      "m2[]",
      "new",
      "m3[]",
    ]);
  });

  it("is the same as if it began afresh, whatever changed", () => {
    let seed = 5;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const rows = new Rows();
    let items: Message[] = [];
    let next = 1;
    let at = NOON;
    for (let round = 0; round < 500; round++) {
      const what = random(6);
      if (what < 3) {
        items = [...items, message(next++, "ab"[random(2)]!, (at += random(3_000) * 1_000))];
      } else if (what === 3) {
        items = items.slice(random(2), items.length - random(3));
      } else if (items.length > 0) {
        const i = random(items.length);
        items = items.with(i, { ...items[i]!, revision: 1 });
      }
      const newBefore = random(9) === 0 ? (items[random(items.length + 1)]?.key ?? null) : null;
      expect(rows.of(items, newBefore), `round ${round}`).toEqual(rowsOf(items, newBefore));
    }
  });

  it("never shows a day again, whatever the clocks say", () => {
    const rows = rowsOf([message(1, "a", NOON), message(2, "b", NOON - 2_000 * MINUTE), message(3, "a", NOON)], null);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});

describe("firstUnread", () => {
  it("counts from the end, and one's own never", () => {
    const items = [message(1, "a", NOON), message(2, "me", NOON), message(3, "a", NOON), message(4, "me", NOON)];
    expect(firstUnread(items, 0)).toBeNull();
    expect(firstUnread(items, 1)).toBe("m3");
    expect(firstUnread(items, 2)).toBe("m1");
    expect(firstUnread(items, 9)).toBe("m1");
    expect(firstUnread([], 3)).toBeNull();
  });
});

describe("names", () => {
  it("takes people by commas", () => {
    expect(parsePeople(" bob,carol , bob,")).toEqual({ userIds: ["bob", "carol"], wrong: null });
    expect(parsePeople("bob, Zoë M")).toEqual({ userIds: ["bob", "Zoë M"], wrong: "Zoë M" });
    expect(parsePeople(" , ").userIds).toEqual([]);
  });

  it("calls people what they can be called", () => {
    const me = { userId: "u_0123456789abcdef", name: "Zoë" };
    const profiles: Record<string, string> = { bob: "Bob of Bonn" };
    const profile = (userId: string) => ({ subscribe: () => () => {}, getSnapshot: () => ({ userId, name: profiles[userId] }) });
    const names = new Names({ profile } as unknown as Client, me);
    expect(names.of(me.userId)).toBe("Zoë");
    expect(names.of("u_fedc456789abcdef")).toBe("Guest fedc");
    expect(names.ofAll(["bob", "carol"])).toBe("Bob of Bonn and carol");
    expect(["bob", "Ann Lee", "a.b.c", "...", "👩‍👧 x"].map(initials)).toEqual(["B", "AL", "AB", "?", "👩X"]);
  });
});

describe("messages in a timeline", () => {
  const items = [message(2, "a", NOON), message(5, "me", NOON), message(6, "b", NOON), { ...message(7, "me", NOON), sequenceNumber: null }];

  it("are found where they are quoted", () => {
    expect(quotedIn(items, { messageId: "m5", sequenceNumber: 5 })?.key).toBe("m5");
    expect(quotedIn(items, { messageId: "m2", sequenceNumber: null })?.key).toBe("m2");
    for (const n of [1, 9]) {
      expect(quotedIn(items, { messageId: "m5", sequenceNumber: n })).toBeNull();
    }
  });

  it("of others are counted behind a number", () => {
    expect([0, 2, 5, 6].map((n) => countAfter(items, n))).toEqual([2, 1, 1, 0]);
  });
});
