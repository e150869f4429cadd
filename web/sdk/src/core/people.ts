import type { Engine } from "./engine.js";
import type { Frame } from "./link/link.js";
import { Cell } from "./store.js";
import type { Presence, Store } from "./types.js";

/** People whom a connection may watch; who comes after them is not watched. */
const WATCHED_MAX = 500;
const CELLS_MAX = 2_000;
const GATHER_MS = 100;
const AGAIN_MS = 10_000;
const CHUNK = 100;

interface Person {
  readonly cell: Cell<Presence | null>;
  presence: Presence | null;
}

/** Watches the people whom somebody looks at. */
export class People {
  private readonly people = new Map<string, Person>();
  private readonly asked = new Set<string>();
  private timer: unknown = null;
  private status: "online" | "away" = "online";

  constructor(private readonly engine: Engine) {}

  presence(userId: string): Store<Presence | null> {
    const known = this.people.get(userId);
    if (known) {
      return known.cell;
    }
    if (this.people.size >= CELLS_MAX) {
      const idle = [...this.people].find(([, person]) => !person.cell.isWatched);
      if (idle) {
        this.people.delete(idle[0]);
      }
    }
    const person: Person = {
      cell: new Cell(this.engine.notices, () => person.presence, () => this.later(GATHER_MS)),
      presence: null,
    };
    this.people.set(userId, person);
    return person.cell;
  }

  say(status: "online" | "away"): void {
    if (status !== this.status) {
      this.status = status;
      this.engine.say({ type: "presence.set", payload: { status } });
    }
  }

  up(): void {
    this.asked.clear();
    if (this.status === "away") {
      this.engine.say({ type: "presence.set", payload: { status: "away" } });
    }
    this.later(GATHER_MS);
  }

  cut(): void {
    for (const userId of this.people.keys()) {
      this.set(userId, null);
    }
  }

  update(presence: Presence): void {
    this.set(presence.userId, presence);
  }

  private set(userId: string, presence: Presence | null): void {
    const person = this.people.get(userId);
    if (person && (person.presence || presence)) {
      person.presence = presence;
      person.cell.change();
    }
  }

  private later(ms: number): void {
    this.timer ??= this.engine.clock.setTimeout(() => {
      this.timer = null;
      void this.settle();
    }, ms);
  }

  /** Watches those who are looked at, and no others. */
  private async settle(): Promise<void> {
    if (!this.engine.isOnline()) {
      return;
    }
    const wanted = new Set([...this.people].filter(([, person]) => person.cell.isWatched).slice(0, WATCHED_MAX).map(([userId]) => userId));
    const leaving = [...this.asked].filter((userId) => !wanted.has(userId));
    const coming = [...wanted].filter((userId) => !this.asked.has(userId));
    if (leaving.length > 0) {
      leaving.forEach((userId) => this.asked.delete(userId));
      this.engine.say({ type: "presence.unsubscribe", payload: { userIds: leaving } });
    }
    for (let at = 0; at < coming.length; at += CHUNK) {
      const userIds = coming.slice(at, at + CHUNK);
      userIds.forEach((userId) => this.asked.add(userId));
      try {
        const answer: Frame = await this.engine.ask({ type: "presence.subscribe", payload: { userIds } });
        const presences: Presence[] = answer.payload?.presences ?? [];
        presences.forEach((presence) => this.update(presence));
      } catch {
        userIds.forEach((userId) => this.asked.delete(userId));
        this.later(AGAIN_MS);
        return;
      }
    }
  }
}
