import type { Engine } from "./engine.js";
import { Cell } from "./store.js";
import type { Presence, Profile, Store } from "./types.js";
import type { Watcher } from "./watcher.js";

/** People of whom something is kept; those that nobody looks at go. */
const PEOPLE_MAX = 2_000;

export interface Person {
  readonly presence: Cell<Presence | null>;
  readonly profile: Cell<Profile | null>;
  isThere: Presence | null;
  shows: Profile | null;
}

/** What is known of people: how they are, and what they show of themselves. What asks for it is loaded with the first of them. */
export class People {
  readonly all = new Map<string, Person>();
  #watcher: Watcher | null = null;
  #isLoading = false;
  #status: "online" | "away" = "online";

  constructor(private readonly engine: Engine) {}

  presence(userId: string): Store<Presence | null> {
    return this.#person(userId).presence;
  }

  profile(userId: string): Store<Profile | null> {
    return this.#person(userId).profile;
  }

  #person(userId: string): Person {
    let person = this.all.get(userId);
    if (!person) {
      if (this.all.size >= PEOPLE_MAX) {
        const idle = [...this.all].find(([, one]) => !one.presence.isWatched && !one.profile.isWatched);
        this.all.delete(idle?.[0] ?? "");
      }
      const { notices } = this.engine;
      const made: Person = {
        presence: new Cell(notices, () => made.isThere, () => this.#look()),
        profile: new Cell(notices, () => made.shows, () => this.#look()),
        isThere: null, shows: null,
      };
      this.all.set(userId, person = made);
    }
    return person;
  }

  say(status: "online" | "away"): void {
    if (status !== this.#status) {
      this.#status = status;
      this.engine.say({ type: "presence.set", payload: { status } });
    }
  }

  up(): void {
    if (this.#status === "away") {
      this.engine.say({ type: "presence.set", payload: { status: "away" } });
    }
    this.#watcher?.up();
    this.#look();
  }

  cut(): void {
    for (const person of this.all.values()) {
      this.#isThere(person, null);
    }
  }

  update(presence: Presence): void {
    this.#isThere(this.all.get(presence.userId), presence);
  }

  #isThere(person: Person | undefined, presence: Presence | null): void {
    if (person && (person.isThere || presence)) {
      person.isThere = presence;
      person.presence.change();
    }
  }

  shows(profile: Profile): void {
    const person = this.all.get(profile.userId);
    if (person) {
      person.shows = profile;
      person.profile.change();
    }
  }

  /** Somebody is looked at, or no longer. */
  #look(): void {
    if (this.#watcher) {
      this.#watcher.later();
    } else if (!this.#isLoading && this.all.size > 0) {
      this.#isLoading = true;
      this.engine.load(() => import("./watcher.js")).then(({ Watcher: Loaded }) => {
        this.#watcher = new Loaded(this, this.engine);
        this.#watcher.later();
      }, () => {}).finally(() => (this.#isLoading = false));
    }
  }
}
