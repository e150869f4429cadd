import type { StopReason } from "../types.js";

/** How a connection ended, in the words of a WebSocket; an HTTP status of the other transports is put into them. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
  /** whether `connected` had come */
  readonly opened: boolean;
  /** how long it was open */
  readonly lastedMs: number;
  /** what `server.draining` or `Retry-After` asked for */
  readonly waitMs: number | null;
}

/** What a client does after a connection ended. */
export type Next =
  /** comes back: `exactly` after that time, else with the backoff of `failures`, not before `atLeastMs` */
  | { readonly kind: "retry"; readonly grows: boolean; readonly atLeastMs: number; readonly exactly?: number }
  /** fetches a token, since the one it has was not taken */
  | { readonly kind: "token" }
  /** does not come back; `wipe` says that what is kept locally goes */
  | { readonly kind: "stop"; readonly reason: StopReason; readonly wipe: boolean };

const SLOW_MS = 10_000;
/** A connection that ends sooner counts as one that failed. */
const LASTED_MS = 1_000;

/** The table of close codes of the protocol. */
export function afterClose(closing: Closing): Next {
  const asked = closing.waitMs ?? 0;
  switch (closing.code) {
    case 4401:
      return refusedToken(closing.reason);
    case 1012:
      return closing.waitMs === null
        ? { kind: "retry", grows: false, atLeastMs: 0 }
        : { kind: "retry", grows: false, atLeastMs: 0, exactly: closing.waitMs };
    case 1013:
      return { kind: "retry", grows: true, atLeastMs: asked };
    // What it said was wrong; saying it again soon would be no better.
    case 1007:
    case 1009:
    case 4400:
    case 4429:
      return { kind: "retry", grows: true, atLeastMs: Math.max(SLOW_MS, asked) };
    default:
      return { kind: "retry", grows: closing.lastedMs < LASTED_MS, atLeastMs: asked };
  }
}

function refusedToken(reason: string): Next {
  switch (reason) {
    case "origin":
      return { kind: "stop", reason: "origin", wipe: false };
    case "signed out":
      return { kind: "stop", reason: "signed-out", wipe: true };
    case "revoked":
      return { kind: "stop", reason: "revoked", wipe: true };
    default:
      return { kind: "token" };
  }
}

/** The close code that says what an HTTP status says. */
export function codeOfStatus(status: number): number {
  switch (status) {
    case 401:
    case 403:
      return 4401;
    case 429:
    case 503:
      return 1013;
    case 400:
    case 413:
      return 4400;
    default:
      return 1006;
  }
}

/** Whether the server itself spoke, so that the way to it is open. */
export function isServersWord(code: number): boolean {
  return code >= 4000 || code === 1012 || code === 1013;
}
