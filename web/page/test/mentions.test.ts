import { describe, expect, it } from "vitest";
import { matching, mentionsIn, typedAt } from "../src/mentions.js";

const people = [{ id: "ann", name: "Ann Lee" }, { id: "bob", name: "bob" }, { id: "bobby", name: "bobby" }, { id: "all", name: "all" }];

describe("mentions", () => {
  it("are completed where an @ begins a word", () => {
    expect(typedAt("hi @bo", 6)).toEqual({ from: 3, typed: "bo" });
    expect(typedAt("@", 1)).toEqual({ from: 0, typed: "" });
    expect(typedAt("mail@bo", 7)).toBeNull();
    expect(typedAt("@bob and", 8)).toBeNull();
    expect(matching(people, "LE", 5).map(({ id }) => id)).toEqual(["ann"]);
    expect(matching(people, "bo", 1).map(({ id }) => id)).toEqual(["bob"]);
  });

  it("name whole words, by name or id, or everybody", () => {
    expect(mentionsIn("hello @Ann Lee, and @bobby!", people)).toEqual(["ann", "bobby"]);
    expect(mentionsIn("(@bob)", people)).toEqual(["bob"]);
    expect(mentionsIn("me@bob.example @bobbyx", people)).toBeUndefined();
    expect(mentionsIn("hey @all, @bob", people)).toBe("all");
    expect(mentionsIn("all of them", people)).toBeUndefined();
  });
});
