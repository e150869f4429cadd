import { banIn, MilenaError, type ErrorCode } from "./errors.js";
import { backoffMs } from "./rules/backoff.js";
import type { Tokens } from "./tokens.js";
import type { Clock } from "./types.js";

const WITHIN_MS = 30_000;
const TRIES = 4;

export interface Call {
  body?: unknown;
  /** makes a call safe to repeat that is not by itself */
  idempotencyKey?: string;
  /** whether it may be repeated: reads may, and changes that say where they lead */
  again?: boolean;
  /** whether it outlives the page */
  keepalive?: boolean;
}

/** The REST calls of the protocol. What cannot be read as an answer counts as `UNAVAILABLE`. */
export class Calls {
  constructor(
    private readonly server: string,
    private readonly tokens: Tokens,
    private readonly fetcher: typeof fetch,
    private readonly clock: Clock,
    private readonly random: () => number,
    /** the server refuses this device for good, and said why */
    private readonly ended: (reason: string) => void,
  ) {}

  /** Gives the body of the answer; rejects with a `MilenaError`. Repeats what may be repeated, at most three times. */
  async call<T = unknown>(method: string, path: string, call: Call = {}): Promise<T> {
    const { again = method === "GET" } = call;
    for (let failures = 0; ; failures++) {
      try {
        return (await this.#once(method, path, call)) as T;
      } catch (error) {
        const refused = asError(error);
        const retryable = refused.code === "UNAUTHORIZED" ? failures === 0 && isOfToken(refused.reason) : again && isLater(refused.code);
        if (!retryable || failures >= TRIES - 1) {
          throw refused;
        }
        if (refused.code !== "UNAUTHORIZED") {
          await this.#pause(backoffMs(failures, this.random, refused.retryAfterMs));
        }
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.setTimeout(resolve, ms));
  }

  async #once(method: string, path: string, { body, idempotencyKey: key, keepalive }: Call): Promise<unknown> {
    const token = await this.tokens.get();
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    if (key !== undefined) {
      headers["Idempotency-Key"] = key;
    }
    const abort = new AbortController();
    const timer = this.clock.setTimeout(() => abort.abort(), WITHIN_MS);
    try {
      const init: RequestInit = { method, headers, signal: abort.signal, credentials: "omit", keepalive };
      const answer = await this.fetcher(this.server + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
      const text = await answer.text();
      if (answer.ok) {
        return text === "" ? null : JSON.parse(text);
      }
      const refused = refusalOf(answer, text);
      if (answer.status === 401) {
        this.tokens.refuse(token);
        if (!isOfToken(refused.reason)) {
          this.ended(refused.reason!);
        }
      }
      throw refused;
    } finally {
      this.clock.clearTimeout(timer);
    }
  }
}

/** Whether another token may be taken. */
function isOfToken(reason = "token"): boolean {
  return reason.startsWith("token");
}

function isLater(code: ErrorCode): boolean {
  return code === "UNAVAILABLE" || code === "RATE_LIMITED";
}

export function asError(error: unknown): MilenaError {
  return error instanceof MilenaError ? error : new MilenaError("UNAVAILABLE", "the server cannot be reached, or its answer not be read");
}

export function refusalOf(answer: { status: number; headers: Headers }, text: string): MilenaError {
  const head = Number(answer.headers.get("Retry-After"));
  let said: { error?: unknown; message?: unknown; retryAfter?: number; limit?: string; reason?: string; banned?: boolean; until?: number } = {};
  try {
    said = (JSON.parse(text) as typeof said | null) ?? {};
  } catch {
    // A proxy's page; the status says enough.
  }
  const code = typeof said.error === "string" ? (said.error as ErrorCode) : codeOf(answer.status);
  const retryAfter = said.retryAfter ?? (head > 0 ? head : undefined);
  const message = typeof said.message === "string" ? said.message : `answered ${answer.status}`;
  return Object.assign(
    new MilenaError(code, message, retryAfter === undefined ? undefined : retryAfter * 1_000, said.limit, said.reason, banIn(said)),
    { body: said },
  );
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "UNAUTHORIZED";
    case 403:
      return "FORBIDDEN";
    case 413:
      return "TOO_LARGE";
    case 429:
      return "RATE_LIMITED";
    default:
      return status >= 500 || status === 408 ? "UNAVAILABLE" : "INVALID_REQUEST";
  }
}
