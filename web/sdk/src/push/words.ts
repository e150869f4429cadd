/** What the data of a notification of Milena say, as far as the worker keeps it. */
export interface Shown {
  readonly userId: string;
  readonly conversationId: string;
  readonly sequenceNumber: number;
  readonly threadOf?: string;
}

/** What the worker says to the pages. */
export type FromWorker =
  /** a notification was clicked; the page that opens the conversation answers on the port */
  | { readonly milena: "open"; readonly conversationId: string }
  /** a notification is shown; it may have been read meanwhile */
  | { readonly milena: "shown" }
  /** the browser changed the subscription */
  | { readonly milena: "subscription" };

/** What is shown of a conversation, if a notification is of Milena. */
export function shownIn(data: unknown): Shown | null {
  const shown = (data as { milena?: Partial<Shown> } | null | undefined)?.milena;
  const isOne = typeof shown?.userId === "string" && typeof shown.conversationId === "string" && Number.isSafeInteger(shown.sequenceNumber);
  return isOne ? (shown as Shown) : null;
}
