import { describe, expect, it } from "vitest";
import { Calls } from "../src/core/calls.js";
import { MilenaError } from "../src/core/errors.js";
import { EventParser } from "../src/core/link/events.js";
import { claimsOf, Tokens } from "../src/core/tokens.js";
import type { TokenReason } from "../src/core/types.js";
import { settled, VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";

const token = (claims: object) => `h.${btoa(JSON.stringify(claims))}.s`;

describe("a stream of events", () => {
  const text = ': hello\n\nid: a1\ndata: {"type":"x"}\n\nid: a2\n\ndata: one\r\ndata: two\r\n\r\n';
  const whole = [{ id: null, data: null }, { id: "a1", data: '{"type":"x"}' }, { id: "a2", data: null }, { id: null, data: "one\ntwo" }];

  it("is cut into the same events however it comes", () => {
    expect(new EventParser().take(text)).toEqual(whole);
    for (let seed = 1; seed < 200; seed++) {
      const random = seeded(seed);
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < text.length; ) {
        const end = at + 1 + Math.floor(random() * 9);
        events.push(...parser.take(text.slice(at, end)));
        at = end;
      }
      expect(events, `seed ${seed}`).toEqual(whole);
    }
  });

  it("ends where an event is beyond all bounds", () => {
    expect(() => new EventParser().take("data: " + "x".repeat(5_000_000))).toThrow(RangeError);
  });
});

describe("tokens", () => {
  it("are read without being checked, and garbage is none", () => {
    expect(claimsOf(token({ sub: "a", tenant: "shop", iat: 10, exp: 70 }))).toEqual({ userId: "a", tenant: "shop", lifeMs: 60_000 });
    expect(claimsOf(token({ sub: 5 }))).toBeNull();
    for (const bad of ["", "a.b", "a.%%%.c", "..."]) {
      expect(claimsOf(bad)).toBeNull();
    }
  });

  it("are fetched once at a time, for a reason", async () => {
    const clock = new VirtualClock();
    const reasons: TokenReason[] = [];
    const tokens = new Tokens(async (reason) => {
      reasons.push(reason);
      return token({ sub: "a", iat: 0, exp: 60, n: reasons.length });
    }, clock, () => {});
    const [one, two] = await Promise.all([tokens.get(), tokens.get()]);
    expect(one).toBe(two);
    await clock.run(49_000);
    expect(await tokens.get()).toBe(one);
    await clock.run(2_000);
    expect(await tokens.get()).not.toBe(one);
    expect(tokens.refuse(await tokens.get())).toBe(true);
    await tokens.get();
    expect(reasons).toEqual(["connect", "refresh", "refused"]);
  });

  it("are given up after two fresh ones were refused too", async () => {
    let n = 0;
    const tokens = new Tokens(async () => token({ sub: "a", n: ++n }), new VirtualClock(), () => {});
    const more = [];
    for (let i = 0; i < 3; i++) {
      more.push(tokens.refuse(await tokens.get()));
    }
    expect(more).toEqual([true, true, false]);
    tokens.taken();
    expect(tokens.refuse(await tokens.get())).toBe(true);
  });

  it("that were replaced meanwhile are not refused twice", async () => {
    let n = 0;
    const tokens = new Tokens(async () => token({ sub: "a", n: ++n }), new VirtualClock(), () => {});
    const old = await tokens.get();
    tokens.refuse(old);
    await tokens.get();
    for (let i = 0; i < 9; i++) {
      expect(tokens.refuse(old)).toBe(true);
    }
  });

  it("null is signed out", async () => {
    const tokens = new Tokens(async () => null, new VirtualClock(), () => {});
    await expect(tokens.get()).rejects.toMatchObject({ code: "SIGNED_OUT" });
  });
});

describe("calls", () => {
  function callsWith(answers: (() => [number, string, Record<string, string>?])[]) {
    const clock = new VirtualClock();
    const asked: string[] = [];
    let n = 0;
    const fetcher = (async (address: string, init: RequestInit) => {
      asked.push(`${init.method} ${address} ${(init.headers as Record<string, string>).Authorization}`);
      const [status, text, heads = {}] = answers[Math.min(asked.length, answers.length) - 1]!();
      return { ok: status < 400, status, headers: new Headers(heads), text: async () => text };
    }) as unknown as typeof fetch;
    const tokens = new Tokens(async () => `t${++n}.${btoa('{"sub":"a"}')}.s`, clock, () => {});
    const ended: string[] = [];
    return { calls: new Calls("http://x", tokens, fetcher, clock, () => 0.5, (reason) => ended.push(reason)), asked, clock, ended };
  }

  async function outcome<T>(promise: Promise<T>, clock: VirtualClock): Promise<T | MilenaError> {
    let out: T | MilenaError | undefined;
    promise.then((value) => (out = value), (error: MilenaError) => (out = error));
    await clock.run(120_000, () => out !== undefined);
    return out!;
  }

  it("repeat what may be repeated, no sooner than the server said", async () => {
    const { calls, asked, clock } = callsWith([() => [503, "", { "Retry-After": "3" }], () => [200, '{"a":1}']]);
    const began = clock.now();
    expect(await outcome(calls.call("GET", "/a"), clock)).toEqual({ a: 1 });
    expect(clock.now() - began).toBeGreaterThanOrEqual(3_000);
    expect(asked.length).toBe(2);
  });

  it("take an answer that cannot be read for UNAVAILABLE, and end", async () => {
    const garbage = callsWith([() => [200, "<html>"]]);
    expect(await outcome(garbage.calls.call("GET", "/a"), garbage.clock)).toMatchObject({ code: "UNAVAILABLE" });
    expect(garbage.asked.length).toBe(4);
    const once = callsWith([() => [502, "<html>"]]);
    expect(await outcome(once.calls.call("POST", "/a", { body: {} }), once.clock)).toMatchObject({ code: "UNAVAILABLE" });
    expect(once.asked.length).toBe(1);
  });

  it("fetch a token once more where it is refused", async () => {
    const { calls, asked, clock } = callsWith([() => [401, '{"error":"UNAUTHORIZED","message":"no"}'], () => [200, "{}"]]);
    expect(await outcome(calls.call("POST", "/a", { body: {} }), clock)).toEqual({});
    expect(asked.map((one) => one.split(" ")[3]!.split(".")[0])).toEqual(["t1", "t2"]);
  });

  it("fetch no other token where this device is signed out, and say so", async () => {
    for (const reason of ["signed out", "revoked", "origin"]) {
      const { calls, asked, clock, ended } = callsWith([() => [401, JSON.stringify({ error: "UNAUTHORIZED", message: "no", reason })]]);
      expect(await outcome(calls.call("GET", "/a"), clock)).toMatchObject({ code: "UNAUTHORIZED", reason });
      expect(asked.length).toBe(1);
      expect(ended).toEqual([reason]);
    }
    const { calls, asked, clock, ended } = callsWith([() => [401, '{"error":"UNAUTHORIZED","message":"no","reason":"token expired"}'], () => [200, "{}"]]);
    expect(await outcome(calls.call("GET", "/a"), clock)).toEqual({});
    expect([asked.length, ended]).toEqual([2, []]);
  });

  it("give typed errors with the protocol's words", async () => {
    const { calls, clock } = callsWith([() => [429, '{"error":"RATE_LIMITED","message":"m","retryAfter":7,"limit":"ten a second"}']]);
    expect(await outcome(calls.call("POST", "/a"), clock)).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 7_000, limit: "ten a second" });
  });
});

describe("the virtual clock", () => {
  it("settles promises between timers", async () => {
    const clock = new VirtualClock();
    const order: number[] = [];
    clock.setTimeout(() => void settled().then(() => order.push(1)), 5);
    clock.setTimeout(() => order.push(2), 6);
    await clock.run(10);
    expect(order).toEqual([1, 2]);
  });
});
