import { describe, expect, it } from "vitest";
import { isOnlyEmoji, partsOf } from "../src/rich.js";

const hrefs = (text: string) => partsOf(text).flatMap((part) => (part.kind === "link" ? [part.href] : []));

describe("partsOf", () => {
  it("loses nothing of a text without code", () => {
    for (const text of ["", "a\nb", "https://a.example/x, and more", "(see https://a.example/x)", "<b>https://x</b>", "a https:// b"]) {
      expect(partsOf(text).map((part) => part.text).join("")).toBe(text);
    }
  });

  it("makes links of web addresses alone", () => {
    expect(hrefs("javascript:alert(1) data:text/html,x ftp://a/b file:///etc vbscript:x")).toEqual([]);
    expect(hrefs("https://a.example/?q=1&r=2#f.")).toEqual(["https://a.example/?q=1&r=2#f"]);
    expect(hrefs("(https://a.example/x) and https://b.example/y_(z)")).toEqual(["https://a.example/x", "https://b.example/y_(z)"]);
    expect(hrefs("https://a.example/\"onmouseover=alert(1)")).toEqual(["https://a.example/"]);
  });

  it("keeps code as it is", () => {
    expect(partsOf("run `a <b>` now")).toEqual([
      { kind: "text", text: "run " },
      { kind: "code", text: "a <b>" },
      { kind: "text", text: " now" },
    ]);
    expect(partsOf("```js\nlet x = `y`;\n```")).toEqual([{ kind: "block", text: "let x = `y`;" }]);
    expect(hrefs("`https://a.example`")).toEqual([]);
  });

  it("takes a long text in a moment", () => {
    const begun = Date.now();
    for (const text of ["`".repeat(4_000), "https://".repeat(500), "``` ".repeat(1_000), "a".repeat(4_000), "👩‍👩‍👧‍👦".repeat(400)]) {
      partsOf(text);
      isOnlyEmoji(text);
    }
    expect(Date.now() - begun).toBeLessThan(1_000);
  });
});

describe("isOnlyEmoji", () => {
  it("knows emoji from text", () => {
    expect(["🎉", "👍🏽 ❤️", "👩‍👩‍👧", "🇨🇿"].map(isOnlyEmoji)).toEqual([true, true, true, true]);
    expect(["a 🎉", "7", " ", "", "#"].map(isOnlyEmoji)).toEqual([false, false, false, false, false]);
  });
});
