import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/core/rules/outbox.js";
import type { OutboxEntry } from "../../src/core/types.js";

const entry = (messageId: string, order: number, conversationId = "c"): OutboxEntry => ({
  messageId, conversationId, order, createdAt: 0, content: { type: "text", text: messageId }, options: {}, failed: null,
});
const ids = (entries: OutboxEntry[]) => entries.map(({ messageId }) => messageId);

describe("the outbox", () => {
  it("has one message of a conversation under way, in order", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("b", 2));
    outbox.put(entry("a", 1));
    outbox.put(entry("x", 3, "other"));
    expect(ids(outbox.due(0))).toEqual(["a", "x"]);
    expect(ids(outbox.due(0))).toEqual([]);
    outbox.acked("a");
    expect(ids(outbox.due(0))).toEqual(["b"]);
  });

  it("sends again what was cut off, with its id", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("a", 1));
    outbox.due(0);
    outbox.disconnected();
    expect(ids(outbox.due(0))).toEqual(["a"]);
    expect(outbox.acked("a")?.messageId).toBe("a");
    expect(outbox.acked("a")).toBeNull();
  });

  it("lets no later message pass one that waits", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("a", 1));
    outbox.put(entry("b", 2));
    outbox.put(entry("x", 3, "other"));
    outbox.due(0);
    outbox.postponed("a", 1_000, false);
    outbox.acked("x");
    expect(ids(outbox.due(999))).toEqual([]);
    expect(outbox.wakeAt(999)).toBe(1_000);
    expect(ids(outbox.due(1_000))).toEqual(["a"]);
  });

  it("waits with all of them where the rate is the user's", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("a", 1));
    outbox.due(0);
    outbox.postponed("a", 500, true);
    outbox.put(entry("x", 2, "other"));
    expect(ids(outbox.due(499))).toEqual([]);
    expect(ids(outbox.due(500))).toEqual(["a", "x"]);
  });

  it("goes on behind one that failed, which can be sent again at the end or given up", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("a", 1));
    outbox.put(entry("b", 2));
    outbox.due(0);
    outbox.failed("a", "FORBIDDEN", "no");
    expect(ids(outbox.due(0))).toEqual(["b"]);
    expect(outbox.retried("b", 9)).toBeNull();
    outbox.retried("a", 3);
    expect(ids(outbox.entries("c"))).toEqual(["b", "a"]);
    outbox.acked("b");
    outbox.due(0);
    outbox.failed("a", "FORBIDDEN", "no");
    expect(outbox.discarded("a")).toBe(true);
  });

  it("gives up none that may be under way", () => {
    const outbox = new Outbox(10);
    outbox.put(entry("a", 1));
    outbox.put(entry("b", 2));
    outbox.due(0);
    expect(outbox.discarded("a")).toBe(false);
    expect(outbox.discarded("b")).toBe(true);
  });

  it("is bounded, and takes each id once", () => {
    const outbox = new Outbox(2);
    expect(outbox.put(entry("a", 1))).toBe(true);
    expect(outbox.put(entry("a", 2))).toBe(false);
    expect(outbox.put(entry("b", 2))).toBe(true);
    expect(outbox.put(entry("c", 3))).toBe(false);
  });
});
