import { describe, expect, it } from "vitest";
import { stepOf } from "../../src/core/rules/entries.js";
import { Sequence, type Step } from "../../src/core/rules/sequence.js";
import { seeded } from "../sim/random.js";

const step = (n: number): Step => ({ n, item: null });
const numbers = (steps: Step[]) => steps.map(({ n }) => n);

describe("the sequence of a conversation", () => {
  it("holds what comes early and drops what it has", () => {
    const sequence = new Sequence(4);
    expect(numbers(sequence.offer(step(6)))).toEqual([]);
    expect(sequence.hasGap).toBe(true);
    expect(numbers(sequence.offer(step(5)))).toEqual([5, 6]);
    expect(numbers(sequence.offer(step(5)))).toEqual([]);
    expect(sequence.hasGap).toBe(false);
  });

  it("takes a page over what is held, and goes on with what is held behind it", () => {
    const sequence = new Sequence(0);
    sequence.offer(step(3));
    sequence.offer(step(5));
    expect(numbers(sequence.offerRun(1, 4, [step(1), step(3), step(4)]))).toEqual([1, 3, 4, 5]);
    expect(sequence.upTo).toBe(5);
  });

  it("skips an entry of a kind that it does not know by its number", () => {
    const sequence = new Sequence(0);
    const entry = (n: number, kind: string) => stepOf({ sequenceNumber: n, timestamp: n, kind, messageId: `m${n}`, senderId: "bob" }, "c", "alice");
    expect(sequence.offer(entry(3, "message"))).toEqual([]);
    const steps = sequence.offerRun(1, 2, [entry(1, "poll.opened"), entry(2, "message")]);
    expect(steps.map(({ n, item }) => [n, item?.kind])).toEqual([[1, undefined], [2, "message"], [3, "message"]]);
    expect(sequence.hasGap).toBe(false);
    expect(sequence.upTo).toBe(3);
  });

  it("keeps what a change says where a page says only that there was one", () => {
    const sequence = new Sequence(0);
    const patch = { kind: "pin", messageId: "m", removed: false } as const;
    sequence.offer({ n: 2, item: null, patch });
    expect(sequence.offerRun(1, 2, [step(1), step(2)])[1]!.patch).toBe(patch);
  });

  it("leaves a page alone that begins behind the gap, but knows of it", () => {
    const sequence = new Sequence(2);
    expect(numbers(sequence.offerRun(5, 6, [step(5), step(6)]))).toEqual([]);
    expect([sequence.upTo, sequence.newest]).toEqual([2, 6]);
  });

  it("holds a bounded number, and knows what it dropped", () => {
    const sequence = new Sequence(0);
    for (let n = 2; n <= 1_500; n++) {
      sequence.offer(step(n));
    }
    expect(sequence.newest).toBe(1_500);
    expect(numbers(sequence.offer(step(1))).length).toBe(1_001);
    expect(sequence.hasGap).toBe(true);
  });

  it("holds nothing of what it has", () => {
    const sequence = new Sequence(2_000);
    for (let n = 1; n <= 2_000; n++) {
      sequence.offer(step(n));
    }
    sequence.offer(step(2_002));
    expect(numbers(sequence.offer(step(2_001)))).toEqual([2_001, 2_002]);
  });

  it("applies each number once and in order, whatever the order and however often it comes", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const sequence = new Sequence(0);
      const applied: number[] = [];
      for (let i = 0; i < 200; i++) {
        const n = 1 + Math.floor(random() * 30);
        applied.push(...numbers(random() < 0.9 ? sequence.offer(step(n)) : sequence.offerRun(sequence.upTo + 1, n, [step(n)])));
      }
      expect(applied, `seed ${seed}`).toEqual([...new Set(applied)].sort((a, b) => a - b));
    }
  });
});
