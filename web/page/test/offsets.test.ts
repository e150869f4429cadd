import { describe, expect, it } from "vitest";
import { Offsets } from "../src/offsets.js";

const rows = (count: number, from = 0) => Array.from({ length: count }, (_, i) => ({ key: `k${from + i}` }));

describe("Offsets", () => {
  it("takes what is not measured to be as high as usual", () => {
    const offsets = new Offsets(50);
    offsets.setRows(rows(4));
    expect(offsets.total).toBe(200);
    expect(offsets.measure("k1", 70)).toBe(true);
    expect(offsets.measure("k1", 70)).toBe(false);
    expect([0, 1, 2, 3, 4].map((index) => offsets.start(index))).toEqual([0, 50, 120, 170, 220]);
  });

  it("keeps what was measured when rows come before it", () => {
    const offsets = new Offsets(50);
    offsets.setRows(rows(2, 10));
    offsets.measure("k10", 30);
    offsets.setRows(rows(12));
    expect(offsets.start(offsets.indexOf("k10"))).toBe(500);
    expect(offsets.total).toBe(500 + 30 + 50);
  });

  it("finds the row at a place, as a search from the first one does", () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 200; round++) {
      const offsets = new Offsets(40);
      const count = 1 + random(60);
      offsets.setRows(rows(count));
      const heights = rows(count).map(() => 40);
      for (let i = 0; i < random(9); i++) {
        const at = random(count);
        heights[at] = random(200);
        offsets.measure(`k${at}`, heights[at]!);
        offsets.start(random(count + 1));
      }
      const total = heights.reduce((sum, height) => sum + height, 0);
      expect(offsets.total).toBe(total);
      const place = random(total + 50);
      let at = 0;
      let sum = 0;
      while (at < count - 1 && sum + heights[at]! <= place) {
        sum += heights[at]!;
        at++;
      }
      expect(offsets.start(offsets.indexAt(place))).toBe(sum);
    }
  });

  it("is the same after rows came and went at the end as if it began with them", () => {
    let seed = 11;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const offsets = new Offsets(40);
    const heights = new Map<string, number>();
    for (let round = 0; round < 500; round++) {
      const from = random(20) === 0 ? random(9) : 9;
      const now = rows(random(80), from);
      offsets.setRows(now);
      const fresh = new Offsets(40);
      for (const { key } of now) {
        if (random(9) === 0 && heights.size < 9) {
          heights.set(key, random(200));
        }
      }
      fresh.setRows(now);
      heights.forEach((height, key) => [offsets, fresh].forEach((each) => each.measure(key, height)));
      const place = random(5_000);
      expect([offsets.total, offsets.indexAt(place), offsets.indexOf("k40")], `round ${round}`).toEqual([fresh.total, fresh.indexAt(place), fresh.indexOf("k40")]);
    }
  });

  it("has no row where there is none", () => {
    const offsets = new Offsets(50);
    offsets.setRows([]);
    expect(offsets.total).toBe(0);
    expect(offsets.indexOf("k1")).toBe(-1);
  });
});
