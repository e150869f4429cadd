import type { ComponentChildren, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { matching, typedAt, type Mentionable } from "./mentions.js";
import { texts } from "./texts.js";

const SHOWN_MAX = 6;
const LIST_ID = "mentions";

export interface Completion {
  /** what is offered below the field; null for nothing */
  readonly list: ComponentChildren;
  /** what the field says of it to screen readers */
  readonly aria: { "aria-controls"?: string; "aria-activedescendant"?: string };
  /** the text or the caret changed */
  look(text: string, caret: number): void;
  /** True if the key was for the list. */
  key(event: KeyboardEvent): boolean;
  close(): void;
}

/** Completes names behind an `@` in a field. */
export function useCompletion(field: RefObject<HTMLTextAreaElement | null>, people: () => readonly Mentionable[], put: (text: string, caret: number) => void): Completion {
  const [open, setOpen] = useState<{ from: number; found: readonly Mentionable[]; at: number } | null>(null);

  const pick = ({ name }: Mentionable) => {
    const area = field.current!;
    const before = `${area.value.slice(0, open!.from)}@${name} `;
    setOpen(null);
    put(before + area.value.slice(area.selectionStart), before.length);
  };
  const list = open && (
    <ul class="completion" role="listbox" id={LIST_ID} aria-label={texts.composer.people}>
      {open.found.map((person, index) => (
        <li
          key={person.id}
          id={`${LIST_ID}-${index}`}
          role="option"
          aria-selected={index === open.at}
          onPointerDown={(event) => {
            event.preventDefault();
            pick(person);
          }}
        >
          <Avatar id={person.id} name={person.name} size={24} />
          <span dir="auto">{person.name}</span>
          {person.name !== person.id && <span class="quiet">{person.id}</span>}
        </li>
      ))}
    </ul>
  );
  return {
    list,
    aria: open ? { "aria-controls": LIST_ID, "aria-activedescendant": `${LIST_ID}-${open.at}` } : {},
    look(text, caret) {
      const typed = typedAt(text, caret);
      const found = typed === null ? [] : matching(people(), typed.typed, SHOWN_MAX);
      setOpen(found.length === 0 ? null : { from: typed!.from, found, at: 0 });
    },
    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (open === null || event.isComposing) {
        return false;
      } else if (step !== undefined) {
        setOpen({ ...open, at: (open.at + step + open.found.length) % open.found.length });
      } else if (event.key === "Enter" || event.key === "Tab") {
        pick(open.found[open.at]!);
      } else if (event.key === "Escape") {
        setOpen(null);
      } else {
        return false;
      }
      event.preventDefault();
      return true;
    },
    close: () => setOpen(null),
  };
}
