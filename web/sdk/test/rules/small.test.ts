import { describe, expect, it } from "vitest";
import { backoffMs } from "../../src/core/rules/backoff.js";
import { afterClose, codeOfStatus, isServersWord, type Closing } from "../../src/core/rules/closing.js";
import { isSilent, pulse } from "../../src/core/rules/heartbeat.js";
import { evicted, keep } from "../../src/outbox/kept.js";
import { climbFailed, climbInMs, ladder, reached, rung, stepDown } from "../../src/core/rules/ladder.js";
import { key, look, NOT_TYPING, stop } from "../../src/core/rules/typing.js";

describe("backoff", () => {
  it("grows to half a minute, with full jitter", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((failures) => backoffMs(failures, () => 0.999_999))).toEqual(
      [999, 1_999, 3_999, 7_999, 15_999, 29_999, 29_999]);
    expect(backoffMs(5, () => 0)).toBe(0);
  });

  it("never comes before the time that the server asked for", () => {
    expect(backoffMs(0, () => 0, 7_000)).toBe(7_000);
    expect(backoffMs(0, () => 0.5, 7_000)).toBe(7_500);
  });
});

describe("close codes", () => {
  const closing = (code: number, fields: Partial<Closing> = {}): Closing => ({ code, reason: "", opened: true, lastedMs: 60_000, waitMs: null, ...fields });

  it("comes back when the server said, after it drained", () => {
    expect(afterClose(closing(1012, { waitMs: 4_200 }))).toEqual({ kind: "retry", grows: false, atLeastMs: 0, exactly: 4_200 });
  });

  it("comes back with a growing delay while the server is full", () => {
    expect(afterClose(closing(1013, { waitMs: 3_000 }))).toEqual({ kind: "retry", grows: true, atLeastMs: 3_000 });
  });

  it("comes back slowly after it said something wrong or too much", () => {
    for (const code of [1007, 1009, 4400, 4429]) {
      expect(afterClose(closing(code))).toEqual({ kind: "retry", grows: true, atLeastMs: 10_000 });
    }
  });

  it("fetches a token, stops, or wipes, as the reason says", () => {
    expect(afterClose(closing(4401)).kind).toBe("token");
    expect(afterClose(closing(4401, { reason: "token expired" })).kind).toBe("token");
    expect(afterClose(closing(4401, { reason: "origin" }))).toEqual({ kind: "stop", reason: "origin", wipe: false });
    expect(afterClose(closing(4401, { reason: "signed out" }))).toEqual({ kind: "stop", reason: "signed-out", wipe: true });
    expect(afterClose(closing(4401, { reason: "revoked" }))).toEqual({ kind: "stop", reason: "revoked", wipe: true });
  });

  it("grows only where connections do not last", () => {
    expect(afterClose(closing(1006))).toMatchObject({ kind: "retry", grows: false });
    expect(afterClose(closing(4408))).toMatchObject({ kind: "retry", grows: false });
    expect(afterClose(closing(1006, { lastedMs: 100 }))).toMatchObject({ kind: "retry", grows: true });
    expect(afterClose(closing(4999, { lastedMs: 0, opened: false }))).toMatchObject({ kind: "retry", grows: true });
  });

  it("puts HTTP statuses into the same words", () => {
    expect([401, 403, 429, 503, 400, 502].map(codeOfStatus)).toEqual([4401, 4401, 1013, 1013, 4400, 1006]);
    expect([4401, 1012, 1013, 1006, 1000].map(isServersWord)).toEqual([true, true, true, false, false]);
  });
});

describe("the ladder of transports", () => {
  const all = ladder(["websocket", "events", "poll"]);

  it("goes down after two failures of the first one and one of each other, and around", () => {
    let state = all;
    const tried = Array.from({ length: 7 }, () => {
      const name = rung(state);
      state = stepDown(state);
      return name;
    });
    expect(tried).toEqual(["websocket", "websocket", "events", "poll", "websocket", "websocket", "events"]);
  });

  it("forgets failures once connected, and climbs at growing intervals", () => {
    expect(rung(stepDown(reached(stepDown(all), "websocket")))).toBe("websocket");
    expect(climbInMs(all)).toBeNull();
    let low = reached(all, "poll");
    expect(climbInMs(low)).toBe(60_000);
    low = climbFailed(low);
    expect(climbInMs(low)).toBe(120_000);
    for (let i = 0; i < 20; i++) {
      low = climbFailed(low);
    }
    expect(climbInMs(low)).toBe(600_000);
    expect(climbInMs(reached(low, "websocket"))).toBeNull();
  });
});

describe("heartbeats", () => {
  const well = { intervalMs: 30_000, heardAt: 0, beatAt: 0, awaitedSince: null };

  it("are sent in their interval, and give up a connection that does not answer", () => {
    expect(pulse(well, 29_999)).toBe("well");
    expect(pulse(well, 30_000)).toBe("beat");
    expect(pulse({ ...well, beatAt: 30_000 }, 39_999)).toBe("well");
    expect(pulse({ ...well, beatAt: 30_000 }, 40_000)).toBe("dead");
    expect(pulse({ ...well, beatAt: 30_000, heardAt: 30_050 }, 59_000)).toBe("well");
  });

  it("ask sooner where an answer is awaited in silence", () => {
    expect(pulse({ ...well, awaitedSince: 1_000 }, 10_999)).toBe("well");
    expect(pulse({ ...well, awaitedSince: 1_000 }, 11_000)).toBe("beat");
    expect(pulse({ ...well, awaitedSince: 1_000, heardAt: 9_000 }, 11_000)).toBe("well");
  });

  it("of a stream are comments", () => {
    expect(isSilent(0, 30_000, 50_000)).toBe(false);
    expect(isSilent(0, 30_000, 50_001)).toBe(true);
  });
});

describe("typing", () => {
  it("is said after 300 ms, again each 4 s, and ends 3 s after the last key", () => {
    const first = key(NOT_TYPING, 0);
    expect(first).toMatchObject({ say: null, wakeAt: 300 });
    const begun = look(first.state, 300);
    expect(begun).toMatchObject({ say: "typing.start", wakeAt: 3_000 });
    const more = key(begun.state, 2_900);
    expect(more).toMatchObject({ say: null, wakeAt: 4_300 });
    const repeated = look(more.state, 4_300);
    expect(repeated).toMatchObject({ say: "typing.start", wakeAt: 5_900 });
    expect(look(repeated.state, 5_900)).toEqual({ state: NOT_TYPING, say: "typing.stop", wakeAt: null });
  });

  it("says nothing of a key that was taken back soon", () => {
    expect(stop(key(NOT_TYPING, 0).state)).toEqual({ state: NOT_TYPING, say: null, wakeAt: null });
    expect(look(NOT_TYPING, 5).say).toBeNull();
  });
});

describe("what is kept", () => {
  it("is one run, the newest numbers of it", () => {
    expect(keep(null, { from: 3, to: 5 })).toEqual({ kept: { from: 3, to: 5 }, dropped: [], takes: true });
    expect(keep({ from: 3, to: 5 }, { from: 6, to: 6 }).kept).toEqual({ from: 3, to: 6 });
    expect(keep({ from: 3, to: 5 }, { from: 1, to: 2 }).kept).toEqual({ from: 1, to: 5 });
    expect(keep({ from: 3, to: 5 }, { from: 8, to: 9 })).toEqual({ kept: { from: 8, to: 9 }, dropped: [{ from: 3, to: 5 }], takes: true });
    expect(keep({ from: 8, to: 9 }, { from: 1, to: 2 })).toEqual({ kept: { from: 8, to: 9 }, dropped: [], takes: false });
    expect(keep({ from: 1, to: 500 }, { from: 501, to: 502 })).toEqual({ kept: { from: 3, to: 502 }, dropped: [{ from: 1, to: 2 }], takes: true });
  });

  it("goes where nothing happened for longest", () => {
    const runs = [{ from: 1, to: 10, lastEventAt: 3 }, { from: 1, to: 10, lastEventAt: 1 }, { from: 1, to: 10, lastEventAt: 2 }];
    expect(evicted(runs, 30)).toEqual([]);
    expect(evicted(runs, 15).map((run) => run.lastEventAt)).toEqual([1, 2]);
  });
});
