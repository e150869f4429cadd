import type { Engine } from "./engine.js";
import type { Ban, Standing, Warning } from "./types.js";

const WARNINGS_MAX = 20;
/** A longer timer would run immediately. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const timers = new WeakMap<Engine, unknown>();

/** From now on this is what moderators have decided about the user; bans end by themselves. */
export function stand(engine: Engine, { bans, warnings }: Standing): void {
  const { clock } = engine;
  const now = clock.now();
  if (warnings !== engine.stood.warnings) {
    engine.keeper?.warned(warnings);
  }
  engine.stood = { bans: bans.filter((ban) => holds(ban, now)), warnings };
  engine.standing.change();
  clock.clearTimeout(timers.get(engine));
  const next = Math.min(...engine.stood.bans.map(({ until = Infinity }) => until));
  if (next < Infinity) {
    timers.set(engine, clock.setTimeout(() => stand(engine, engine.stood), Math.min(next - now, TIMER_MS_MAX)));
  }
}

/** The same, for all tabs. */
export function standEverywhere(engine: Engine, standing: Standing): void {
  stand(engine, standing);
  engine.tell({ news: "standing", standing });
}

/** What is decided after a frame `ban.updated`. */
export function afterBan(standing: Standing, { banned, conversationId, until, reason }: Ban & { banned: boolean }): Standing {
  // What a refusal alone has said may have been this ban.
  const others = standing.bans.filter((ban) => ban.reason !== undefined && ban.conversationId !== conversationId);
  return { ...standing, bans: banned ? [...others, { conversationId, until, reason }] : others };
}

export function afterWarning(standing: Standing, { conversationId, messageId, text, timestamp }: Warning): Standing {
  const warning = { conversationId, messageId, text, timestamp };
  return { ...standing, warnings: [...dismissed(standing, warning).warnings, warning].slice(-WARNINGS_MAX) };
}

/** With the warnings that an earlier run of the client has kept. */
export function withKept(standing: Standing, kept: readonly Warning[]): Standing {
  return standing.warnings.reduce(afterWarning, { ...standing, warnings: kept });
}

export function dismissed(standing: Standing, { messageId, timestamp }: Warning): Standing {
  return { ...standing, warnings: standing.warnings.filter((one) => one.messageId !== messageId || one.timestamp !== timestamp) };
}

/** A command in a conversation was refused to a banned user; the refusal does not say whether the ban is of it alone. */
export function afterRefusal(standing: Standing, conversationId: string, until: number | undefined): Standing {
  const isKnown = standing.bans.some((ban) => (ban.conversationId ?? conversationId) === conversationId);
  return isKnown ? standing : { ...standing, bans: [...standing.bans, { conversationId, until }] };
}

function holds({ until }: Ban, now: number): boolean {
  return until === undefined || until > now;
}
