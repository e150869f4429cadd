import type { TokenSource } from "@milena/sdk";

/** `<milena-chat server conversation token-url lang theme>`: the chat in another website. */
export declare class MilenaChatElement extends HTMLElement {
  /** Gives a token of the user; null: nobody is signed in. What it throws is tried again, with a growing delay. */
  tokenProvider: TokenSource | null;
}

/** The events of the element. They bubble, and leave shadow roots. */
export interface MilenaChatEvents {
  /** it is connected, and has all that was missed */
  "milena-ready": CustomEvent<Record<string, never>>;
  /** how many messages are not read, without those of muted conversations */
  "milena-unread": CustomEvent<{ unread: number }>;
  /** `origin` as the reason: the server does not let this website in */
  "milena-error": CustomEvent<{ code: string; reason?: string }>;
  /** nobody is signed in any longer; what was kept of the user is gone */
  "milena-signed-out": CustomEvent<Record<string, never>>;
}

declare global {
  interface HTMLElementTagNameMap {
    "milena-chat": MilenaChatElement;
  }
  interface GlobalEventHandlersEventMap extends MilenaChatEvents {}
}
