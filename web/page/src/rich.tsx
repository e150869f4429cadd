import type { ComponentChildren } from "preact";

/** A part of a message: text as it is, a link, or code. Never markup. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "mention"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "block"; readonly text: string };

const block = /```(?:[A-Za-z0-9+#-]*\n)?([\s\S]+?)\n?```/g;
const inline = /`([^`\n]+)`/g;
const link = /\bhttps?:\/\/[^\s<>"'`\u2028\u2029]+/gi;
const onlyEmoji = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}|\s){1,12}$/u;

/** What a text is made of; `mentioned` are names that stand behind an `@`. */
export function partsOf(text: string, mentioned: readonly string[] = []): Part[] {
  const mention = mentioned.length === 0 ? null : new RegExp(`@(?:${mentioned.map(escaped).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
  const plain = (between: string): Part[] =>
    mention === null ? [{ kind: "text", text: between }] : cut(between, mention, (found) => ({ kind: "mention", text: found[0] }), (rest) => [{ kind: "text", text: rest }]);
  return cut(text, block, (found) => ({ kind: "block", text: found[1]! }), (between) =>
    cut(between, inline, (found) => ({ kind: "code", text: found[1]! }), (rest) => cut(rest, link, linkOf, plain)),
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function cut(text: string, pattern: RegExp, of: (found: RegExpMatchArray) => Part | null, other: (text: string) => Part[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    const part = of(found);
    if (part === null) {
      continue;
    }
    if (found.index > from) {
      parts.push(...other(text.slice(from, found.index)));
    }
    parts.push(part);
    // A link may be shorter than what was found: without the full stop that ends its sentence.
    from = found.index + (part.kind === "link" ? part.text.length : found[0].length);
  }
  if (from < text.length) {
    parts.push(...other(text.slice(from)));
  }
  return parts;
}

function linkOf(found: RegExpMatchArray): Part | null {
  let text = found[0].replace(/[.,;:!?…]+$/, "");
  if (text.endsWith(")") && !text.includes("(")) {
    text = text.slice(0, -1);
  }
  try {
    const href = new URL(text);
    return href.host === "" ? null : { kind: "link", text, href: href.href };
  } catch {
    return null;
  }
}

/** Whether a text is a few emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 60 && onlyEmoji.test(text) && text.trim() !== "";
}

/** A text with its links and code. Line breaks are kept by the style. */
export function Rich({ text, mentioned }: { text: string; mentioned: readonly string[] }): ComponentChildren {
  return partsOf(text, mentioned).map((part, index) => {
    switch (part.kind) {
      case "text":
        return part.text;
      case "link":
        return (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
            {part.text}
          </a>
        );
      case "mention":
        return (
          <span key={index} class="mention">
            {part.text}
          </span>
        );
      case "code":
        return <code key={index}>{part.text}</code>;
      case "block":
        return <pre key={index}><code>{part.text}</code></pre>;
    }
  });
}
