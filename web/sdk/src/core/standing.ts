import type { Engine } from "./engine.js";
import type { Ban, Standing, Warning } from "./types.js";

const WARNINGS_MAX = 20;
const DISMISSED_MAX = 100;
/** A longer timer would run immediately. */
const TIMER_MS_MAX = 2 ** 31 - 1;
/** Bans of before a break that are not sent again within that time hold no longer. */
const UNSURE_MS = 10_000;

/** What is kept of a standing: the server may send a warning again that was dismissed. */
export interface Warned {
  readonly warnings: readonly Warning[];
  /** dismissed ones, as `keyOf` writes them */
  readonly dismissed: readonly string[];
}

/** What moderators have decided about the user: the bans that hold, and the warnings that were not dismissed. */
export class Stood {
  #bans: readonly Ban[] = [];
  #warned: Warned = { warnings: [], dismissed: [] };
  #unsure: readonly Ban[] = [];
  readonly #timers: { end?: unknown; unsure?: unknown } = {};

  constructor(private readonly engine: Engine) {}

  get standing(): Standing {
    return { bans: this.#bans, warnings: this.#warned.warnings };
  }

  /** What another tab knows. */
  takes({ bans, warnings }: Standing): void {
    this.#warned = { ...this.#warned, warnings };
    this.#hold(bans);
  }

  /** With what an earlier run of the client has kept. */
  begins({ warnings, dismissed }: Warned): void {
    const live = this.#warned.warnings;
    this.#warned = { warnings, dismissed };
    live.forEach((warning) => this.warned(warning));
    this.engine.standing.change();
  }

  /** There is a connection; without a resume, the bans that hold are sent again. */
  up(resumed: boolean): void {
    this.#unsure = resumed ? this.#unsure : this.#bans;
    this.#timer("unsure", this.#unsure.length > 0 ? UNSURE_MS : null, () => {
      if (this.engine.isOnline()) {
        this.#hold(this.#bans.filter((ban) => !this.#unsure.includes(ban)));
        this.#unsure = [];
      }
    });
  }

  /** After a frame `ban.updated`. */
  banned({ banned, conversationId, until, reason }: Ban & { banned: boolean }): void {
    // What a refusal alone has said may have been this ban, if it is of all conversations.
    const others = this.#bans.filter((ban) => ban.conversationId !== conversationId && (conversationId !== undefined || ban.reason !== undefined));
    this.#hold(banned ? [...others, { conversationId, until, reason }] : others);
  }

  /** A command in a conversation was refused to a banned user; the refusal does not say whether the ban is of it alone. */
  refused(conversationId: string, until: number | undefined): void {
    if (!this.#bans.some((ban) => (ban.conversationId ?? conversationId) === conversationId)) {
      this.#hold([...this.#bans, { conversationId, until }]);
    }
  }

  /** After a frame `moderation.warning`. */
  warned({ conversationId, messageId, text, timestamp }: Warning): void {
    const warning = { conversationId, messageId, text, timestamp };
    const { warnings, dismissed } = this.#warned;
    if (!dismissed.includes(keyOf(warning))) {
      this.#keep({ warnings: [...without(warnings, warning), warning].slice(-WARNINGS_MAX), dismissed });
    }
  }

  dismissed(warning: Warning): void {
    const { warnings, dismissed } = this.#warned;
    this.#keep({ warnings: without(warnings, warning), dismissed: [...dismissed, keyOf(warning)].slice(-DISMISSED_MAX) });
  }

  /** Nothing wakes any longer. */
  rest(): void {
    this.#timer("end", null, () => {});
    this.#timer("unsure", null, () => {});
  }

  /** The user is signed out. */
  forget(): void {
    this.#warned = { warnings: [], dismissed: [] };
    this.#hold([]);
  }

  #keep(warned: Warned): void {
    this.#warned = warned;
    this.engine.keeper?.warned(warned);
    this.engine.standing.change();
  }

  /** Bans end by themselves, by the server's time. */
  #hold(bans: readonly Ban[]): void {
    const now = this.engine.clock.now() - this.engine.ahead;
    this.#bans = bans.filter(({ until = Infinity }) => until > now);
    this.engine.standing.change();
    const next = Math.min(...this.#bans.map(({ until = Infinity }) => until));
    this.#timer("end", next < Infinity ? Math.min(next - now, TIMER_MS_MAX) : null, () => this.#hold(this.#bans));
  }

  #timer(name: "end" | "unsure", ms: number | null, run: () => void): void {
    const { clock } = this.engine;
    clock.clearTimeout(this.#timers[name]);
    this.#timers[name] = ms === null ? undefined : clock.setTimeout(run, ms);
  }
}

function keyOf({ messageId, timestamp }: Warning): string {
  return `${messageId} ${timestamp}`;
}

function without(warnings: readonly Warning[], warning: Warning): readonly Warning[] {
  return warnings.filter((one) => keyOf(one) !== keyOf(warning));
}
