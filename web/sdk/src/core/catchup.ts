import { asError } from "./calls.js";
import type { Engine } from "./engine.js";
import { readable } from "./errors.js";
import type { Inbox } from "./protocol.js";
import type { Room } from "./room.js";
import { backoffMs } from "./rules/backoff.js";
import { lineOf, PERSONAL_LEVEL, type Line } from "./rules/line.js";
import { runAfter, type Run } from "./rules/pages.js";

/** A frame that came early may be followed by those before it. */
const EARLY_MS = 250;
const PARALLEL_MAX = 4;
const PAGE = 200;
/** Missed numbers of a conversation, and of all, that are fetched after a break; beyond it the conversation goes on at its end. */
const MISSED_MAX = 1_000;
const MISSED_OF_ALL_MAX = 10_000;
const RENEWED_MAX = 50;
const AGAIN_MS = 1_500;

/** Fetches what frames did not bring: the inbox after a break that was not resumed, and the gaps of conversations. */
export class CatchUp {
  loaded = false;
  truncated = false;
  #inboxDue = true;
  #walking = false;
  readonly #wanted = new Set<Room>();
  readonly #suspects = new Set<Room>();
  readonly #seen = new Set<Room>();
  #isWanted = false;
  #againTimer: unknown = null;
  #busy = 0;
  #failures = 0;
  #timer: unknown = null;
  /** one more with each break */
  #connection = 0;

  constructor(private readonly engine: Engine) {}

  get isDone(): boolean {
    return !this.#inboxDue && this.#wanted.size === 0 && this.#busy === 0;
  }

  up(resumed: boolean): void {
    this.#failures = 0;
    this.#inboxDue ||= !resumed;
    if (!resumed) {
      this.engine.rooms.forgetRecent();
    }
    void this.#run();
  }

  cut(): void {
    this.#connection++;
    this.#isWanted ||= this.#walking;
    this.#walking = false;
    this.#busy = 0;
  }

  missing(room: Room): void {
    if (!this.#wanted.has(room)) {
      this.#wanted.add(room);
      this.#later(EARLY_MS);
      this.engine.connectionChanged();
    }
  }

  /** Frames of these were dropped: what is behind the numbers that were applied is asked for, known or not. */
  resync(rooms: readonly Room[]): void {
    // Of those that are not known yet nothing was missed: the inbox says where they begin.
    for (const room of rooms.filter((one) => one.started)) {
      this.#suspects.add(room);
      this.#wanted.add(room);
    }
    this.#later(0);
    this.engine.connectionChanged();
  }

  /** A conversation told of itself while the inbox is read. */
  saw(room: Room): void {
    if (this.#walking) {
      this.#seen.add(room);
    }
  }

  /** Something is not known that stands in the inbox, such as how much is unread: it is read once more. */
  again(): void {
    this.#againTimer ??= this.engine.clock.setTimeout(() => {
      this.#againTimer = null;
      this.#isWanted = true;
      void this.#run();
    }, AGAIN_MS * (0.5 + this.engine.random()));
  }

  #later(ms: number): void {
    this.#timer ??= this.engine.clock.setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, ms);
  }

  async #run(): Promise<void> {
    const { engine } = this;
    const connection = this.#connection;
    if (!engine.isOnline()) {
      return;
    }
    try {
      if ((this.#inboxDue || this.#isWanted) && !this.#walking) {
        await this.#inbox(connection);
      }
    } catch (error) {
      if (connection === this.#connection) {
        this.#walking = false;
        this.#isWanted = true;
        this.#retry(error);
      }
      return;
    }
    while (connection === this.#connection && this.#busy < PARALLEL_MAX && this.#wanted.size > 0) {
      const [room] = this.#wanted;
      this.#wanted.delete(room!);
      void this.#gap(room!, connection);
    }
    engine.connectionChanged();
  }

  #retry(error: unknown): void {
    this.engine.debug("catching up failed", { code: asError(error).code });
    this.#later(backoffMs(this.#failures++, this.engine.random, asError(error).retryAfterMs));
  }

  // ---- the inbox

  async #inbox(connection: number): Promise<void> {
    this.#walking = true;
    this.#isWanted = false;
    this.#seen.clear();
    const before = new Map(this.engine.rooms.all().map((room) => [room, room.sequence.upTo]));
    let budget = MISSED_OF_ALL_MAX;
    let cursor: string | undefined;
    const hasPersonal = this.engine.featureLevel >= PERSONAL_LEVEL;
    let archived = "";
    do {
      const path = `/api/v1/conversations?limit=${PAGE}${archived}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
      const page = await this.engine.calls.call<Inbox>("GET", path);
      if (connection !== this.#connection) {
        return;
      }
      for (const answered of page.conversations) {
        readable(Array.isArray(answered.participants) && Number.isSafeInteger(answered.lastSequence));
        const room = this.engine.room(answered.conversationId);
        budget -= this.#line(room, lineOf(answered, this.engine.me), before.get(room) ?? 0, budget);
      }
      this.truncated = page.truncated === true;
      cursor = page.hasMore ? page.nextCursor : undefined;
      if (!cursor && hasPersonal && !archived) {
        archived = "&archived=true";
        cursor = "";
      }
    } while (cursor !== undefined);
    this.#walking = false;
    this.#inboxDue = false;
    this.loaded = true;
    if (!this.truncated) {
      const gone = [...before.keys()].filter((room) => room.line && !room.left && !this.#seen.has(room));
      if (hasPersonal) {
        void this.#look(gone.filter((room) => !room.line!.personal.hidden), connection);
      } else {
        gone.forEach((room) => room.out());
      }
    }
    this.engine.rooms.followAll();
    this.engine.changedLine();
    if (this.#isWanted) {
      this.again();
    }
  }

  /** What stands no longer in the inbox is hidden, or this user is out of it. */
  async #look(rooms: readonly Room[], connection: number): Promise<void> {
    for (const room of rooms) {
      try {
        await this.engine.calls.call("GET", `/api/v1/conversations/${encodeURIComponent(room.id)}`);
        room.keeps({ ...room.line!.personal, hidden: true });
      } catch (error) {
        if (connection !== this.#connection || !this.engine.refusedRead(room, asError(error))) {
          return;
        }
      }
    }
  }

  /** Takes a line of the inbox; gives how many numbers are fetched because of it. */
  #line(room: Room, line: Line, had: number, budget: number): number {
    this.#seen.add(room);
    room.start(line.at);
    const missed = line.at - room.sequence.upTo;
    const isFetched = missed > 0 && missed <= Math.min(MISSED_MAX, budget);
    if (isFetched) {
      room.sequence.note(line.at);
      this.#wanted.add(room);
    }
    room.answered(line, had);
    if (missed > 0 && !isFetched) {
      room.restart(line.at);
    }
    return isFetched ? missed : 0;
  }

  // ---- gaps

  async #gap(room: Room, connection: number): Promise<void> {
    this.#busy++;
    try {
      while ((room.sequence.hasGap || this.#suspects.has(room)) && !room.left && connection === this.#connection) {
        const { newest, upTo } = room.sequence;
        const page = await this.engine.history(room.id, { after: upTo, limit: PAGE });
        if (connection !== this.#connection) {
          return;
        }
        const run = runAfter(page, upTo, room.id, this.engine.me);
        // The answer holds all that was committed before the question: what it leaves out has nothing to show.
        const to = run.hasMore ? run.to : Math.max(run.to, newest);
        if (!run.hasMore && this.#suspects.delete(room) && room.messages.isWatched) {
          void room.others.loadReceipts();
        }
        const shownTo = room.shown.window?.to ?? 0;
        room.apply(room.sequence.offerRun(run.from, to, run.steps));
        await this.#renew(room, run, shownTo);
      }
      this.#failures = 0;
    } catch (error) {
      if (connection === this.#connection && !this.engine.refusedRead(room, asError(error))) {
        this.#wanted.add(room);
        this.#retry(error);
      }
    } finally {
      if (connection === this.#connection) {
        this.#busy--;
        if (this.#wanted.size > 0) {
          this.#later(this.#busy === 0 && this.#failures === 0 ? 0 : EARLY_MS);
        }
        this.engine.connectionChanged();
      } else if (room.sequence.hasGap || this.#suspects.has(room)) {
        this.missing(room);
      }
    }
  }

  /** Changes of messages before a page, or shown before it came, say no more than that there was one: those messages are fetched as they are. */
  async #renew(room: Room, { steps, from }: Run, shownTo: number): Promise<void> {
    const first = room.shown.window?.from ?? from;
    const changed = new Set(steps.flatMap(({ changes }) => (changes !== undefined && changes >= first && (changes < from || changes <= shownTo) ? [changes] : [])));
    for (const n of [...changed].slice(-RENEWED_MAX)) {
      await room.shown.renew({ before: n + 1, limit: 1 });
    }
  }
}
