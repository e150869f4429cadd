import type { Conversation } from "@milena/sdk";

/** What was typed in each conversation and not sent, as long as the page lives. */
const typed = new Map<string, string>();
/** What the server was last asked to keep of it. */
const said = new Map<string, string>();
let saying: Promise<unknown> = Promise.resolve();

/** What was begun to write in a conversation: here or, where nothing was, on another device. */
export function draftOf({ id, summary }: Conversation): string {
  return typed.get(id) ?? said.get(id) ?? summary.getSnapshot()?.personal.draft?.text ?? "";
}

export function noteDraft({ id }: Conversation, text: string | null): void {
  if (text === null) {
    typed.delete(id);
  } else {
    typed.set(id, text);
  }
}

/** Has the server keep it for one's other devices, in the order of the calls. */
export function keepDraft(conversation: Conversation, text: string, charactersMax: number): void {
  const draft = text.trim() === "" ? "" : [...text].slice(0, charactersMax).join("");
  const { id, summary } = conversation;
  if (draft === (said.get(id) ?? summary.getSnapshot()?.personal.draft?.text ?? "")) {
    return;
  }
  said.set(id, draft);
  saying = saying
    .then(() => conversation.keep({ draft: draft === "" ? null : { text: draft } }))
    .catch(() => undefined)
    .finally(() => said.get(id) === draft && said.delete(id));
}
