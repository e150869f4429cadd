/** Somebody who can be mentioned, and how they are written. */
export interface Mentionable {
  /** a user id, or `all` for everybody */
  readonly id: string;
  readonly name: string;
}

export const ALL = "all";
const MENTIONS_MAX = 50;
const WORD = /[\p{L}\p{N}_]/u;

/** What is being typed behind an `@` at this place of a text; null for nothing. */
export function typedAt(text: string, caret: number): { from: number; typed: string } | null {
  const found = /(?:^|[\s(])@([^\s@]{0,40})$/.exec(text.slice(0, caret));
  return found === null ? null : { from: caret - found[1]!.length - 1, typed: found[1]! };
}

/** Those whose name or id begins with what was typed, or has a word in it that does. */
export function matching(people: readonly Mentionable[], typed: string, max: number): Mentionable[] {
  const begin = typed.toLocaleLowerCase();
  const fits = ({ id, name }: Mentionable) => id.toLowerCase().startsWith(begin) || name.toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(begin));
  return people.filter(fits).slice(0, max);
}

/** Whom a text names by an `@`, as the server takes it; undefined for nobody. */
export function mentionsIn(text: string, people: readonly Mentionable[]): string[] | "all" | undefined {
  if (!text.includes("@")) {
    return undefined;
  }
  const named = people.filter(({ id, name }) => isNamed(text, name) || isNamed(text, id)).map(({ id }) => id);
  if (named.includes(ALL)) {
    return "all";
  }
  return named.length === 0 ? undefined : named.slice(0, MENTIONS_MAX);
}

function isNamed(text: string, name: string): boolean {
  for (let at = text.indexOf(`@${name}`); at !== -1; at = text.indexOf(`@${name}`, at + 1)) {
    const after = text[at + name.length + 1] ?? "";
    if ((at === 0 || !WORD.test(text[at - 1]!)) && !WORD.test(after)) {
      return true;
    }
  }
  return false;
}
