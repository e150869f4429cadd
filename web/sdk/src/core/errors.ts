import type { CallRefused } from "./protocol.js";

/** The protocol's codes, and the few that a client adds. A later server may send others. */
export type ErrorCode =
  | CallRefused["error"]
  | "CONFLICT"
  /** the outbox holds as many messages as it may */
  | "OUTBOX_FULL"
  /** the user is signed out, or no token is to be had */
  | "SIGNED_OUT"
  /** the client was closed */
  | "CLOSED"
  /** this server does not serve it; see `ConnectionState.featureLevel` */
  | "UNSUPPORTED";

/** What a call or a message was refused with. */
export class MilenaError extends Error {
  override readonly name = "MilenaError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** milliseconds to wait before the same is tried again */
    readonly retryAfterMs?: number,
    /** with `RATE_LIMITED` and `TOO_LARGE`: the limit in words; `slowModeSeconds` where it is that of a group */
    readonly limit?: string,
    /** with `UNAUTHORIZED`: why, such as `signed out` or `origin` */
    readonly reason?: string,
    /** with `FORBIDDEN` of a banned user, and when that ends, in milliseconds since 1970; it has no end if left out */
    readonly ban?: { readonly until?: number },
  ) {
    super(message);
  }
}

/** Whether the same may be tried again later without a change. */
export function isTransient(code: ErrorCode): boolean {
  return code === "RATE_LIMITED" || code === "UNAVAILABLE" || code === "UNAUTHORIZED";
}

/** The ban that a refusal speaks of. */
export function banIn({ banned, until }: { banned?: boolean; until?: number }): { until?: number } | undefined {
  return banned === true ? { until } : undefined;
}

/** Throws as where there was no answer, unless what a server answered can be read. */
export function readable(isSo: boolean): void {
  if (!isSo) {
    throw new MilenaError("UNAVAILABLE", "the answer cannot be read");
  }
}
