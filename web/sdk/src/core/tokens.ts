import { MilenaError } from "./errors.js";
import type { Clock, TokenReason, TokenSource } from "./types.js";

/** Who a token is for, as far as a client can read it. */
export interface Claims {
  readonly userId: string;
  readonly tenant: string;
  /** its whole life in milliseconds; null if it does not say when it began */
  readonly lifeMs: number | null;
}

/** Reads a token without checking it: that is for the server. */
export function claimsOf(token: string): Claims | null {
  try {
    const part = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof claims.sub !== "string") {
      return null;
    }
    const life = typeof claims.exp === "number" && typeof claims.iat === "number" ? (claims.exp - claims.iat) * 1_000 : null;
    return { userId: claims.sub, tenant: typeof claims.tenant === "string" ? claims.tenant : "default", lifeMs: life };
  } catch {
    return null;
  }
}

/** How long before its end a token is no longer used. */
const MARGIN_MS = 10_000;
/** How many tokens in a row may be refused. */
const REFUSALS_MAX = 2;

/**
 * The token of the user. It is fetched once at a time and kept until the server refuses it or warns of its end, or its
 * life has passed since it was fetched: clocks may be wrong, so its end is not compared with this machine's time.
 */
export class Tokens {
  #present: { token: string; fetchedAt: number; lifeMs: number | null } | null = null;
  #fetching: Promise<string> | null = null;
  #refusals = 0;
  #refused = false;

  constructor(
    private readonly source: TokenSource,
    private readonly clock: Clock,
    /** looks at each new token; throws if it is not to be used */
    private readonly accept: (claims: Claims | null) => void,
  ) {}

  /** A token that is not known to be over. Rejects with `SIGNED_OUT` if there is none, with the source's error if it failed. */
  get(): Promise<string> {
    const present = this.#present;
    if (present && (present.lifeMs === null || this.clock.now() - present.fetchedAt < present.lifeMs - MARGIN_MS)) {
      return Promise.resolve(present.token);
    }
    return this.fetch(this.#refused ? "refused" : present ? "refresh" : "connect");
  }

  fetch(reason: TokenReason): Promise<string> {
    this.#fetching ??= this.#ask(reason).finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #ask(reason: TokenReason): Promise<string> {
    const token = await this.source(reason);
    if (token === null) {
      this.#present = null;
      throw new MilenaError("SIGNED_OUT", "there is no token: the user is signed out");
    }
    const claims = claimsOf(token);
    this.accept(claims);
    this.#present = { token, fetchedAt: this.clock.now(), lifeMs: claims?.lifeMs ?? null };
    this.#refused = false;
    return token;
  }

  /** The server did not take it. False if too many in a row were refused. */
  refuse(token: string | null): boolean {
    if (token !== null && this.#present?.token !== token) {
      return true;
    }
    this.#present = null;
    this.#refused = true;
    this.#refusals++;
    return this.#refusals <= REFUSALS_MAX;
  }

  /** The server took it. */
  taken(): void {
    this.#refusals = 0;
  }

  forget(): void {
    this.#present = null;
    this.#refused = false;
    this.#refusals = 0;
  }
}
