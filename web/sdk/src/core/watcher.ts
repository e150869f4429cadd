import type { Engine } from "./engine.js";
import type { Frame } from "./link/link.js";
import type { People, Person } from "./people.js";
import type { Presence, Profile } from "./types.js";

/** People whom a connection may watch; who comes after them is not watched. */
const WATCHED_MAX = 500;
const GATHER_MS = 100;
const AGAIN_MS = 10_000;
const CHUNK = 100;
/** From this level on people have profiles. */
const PROFILES_LEVEL = 2;

/** Asks for the people whom somebody looks at, and for no others. */
export class Watcher {
  readonly #watched = new Set<string>();
  /** whose profile was asked for on this connection; changes come by frames, of those who are watched */
  readonly #asked = new Set<string>();
  #timer: unknown = null;

  constructor(private readonly people: People, private readonly engine: Engine) {}

  /** A new connection watches nobody, and what people show may have changed. */
  up(): void {
    this.#watched.clear();
    this.#asked.clear();
  }

  later(ms = GATHER_MS): void {
    this.#timer ??= this.engine.clock.setTimeout(() => {
      this.#timer = null;
      void Promise.all([this.#watch(), this.#ask()]).catch(() => this.later(AGAIN_MS));
    }, ms);
  }

  #wanted(isWanted: (person: Person) => boolean): string[] {
    return [...this.people.all].filter(([, person]) => isWanted(person)).map(([userId]) => userId);
  }

  async #watch(): Promise<void> {
    const wanted = new Set(this.#wanted(({ presence }) => presence.isWatched).slice(0, WATCHED_MAX));
    const leaving = [...this.#watched].filter((userId) => !wanted.has(userId));
    const coming = [...wanted].filter((userId) => !this.#watched.has(userId));
    if (!this.engine.isOnline()) {
      return;
    }
    if (leaving.length > 0) {
      leaving.forEach((userId) => this.#watched.delete(userId));
      this.engine.say({ type: "presence.unsubscribe", payload: { userIds: leaving } });
    }
    await inChunks(coming, this.#watched, async (userIds) => {
      const answer: Frame = await this.engine.ask({ type: "presence.subscribe", payload: { userIds } });
      ((answer.payload?.presences ?? []) as Presence[]).forEach((presence) => this.people.update(presence));
    });
  }

  async #ask(): Promise<void> {
    if (this.engine.featureLevel >= PROFILES_LEVEL) {
      const coming = this.#wanted(({ profile }) => profile.isWatched).filter((userId) => !this.#asked.has(userId));
      await inChunks(coming, this.#asked, async (userIds) => {
        const { users } = await this.engine.calls.call<{ users: Profile[] }>("GET", `/api/v1/users?ids=${userIds.join()}`);
        users.forEach((profile) => this.people.shows(profile));
      });
    }
  }
}

/** Asks for people, so many at a time; whom it fails for is asked for again. */
async function inChunks(coming: readonly string[], done: Set<string>, ask: (userIds: string[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < coming.length; at += CHUNK) {
    const userIds = coming.slice(at, at + CHUNK);
    userIds.forEach((userId) => done.add(userId));
    try {
      await ask(userIds);
    } catch (error) {
      userIds.forEach((userId) => done.delete(userId));
      throw error;
    }
  }
}
