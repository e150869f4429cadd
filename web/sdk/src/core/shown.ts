import { asError } from "./calls.js";
import type { Engine } from "./engine.js";
import type { MilenaError } from "./errors.js";
import type { Room } from "./room.js";
import { hasReached } from "./rules/entries.js";
import { runAfter, runBefore, type Run } from "./rules/pages.js";
import { patched, type Patch } from "./rules/patch.js";
import type { Step } from "./rules/sequence.js";
import {
  appended, changed, messageIn, patchedIn, prepended, refreshed, windowOf, withPatch, withPatches, withState, type Window,
} from "./rules/window.js";
import { Cell } from "./store.js";
import type { Message, Timeline, TimelineItem } from "./types.js";

const PAGE = 50;
const PAGE_LONG = 200;
const PAGE_TRIES = 4;
/** As many numbers behind a window are fetched page by page; beyond it the window begins afresh at the end. */
const FOLLOW_MAX = 1_000;
const FOLLOW_AGAIN_MS = 5_000;

/** The part of a conversation's timeline that is in memory: one run without a gap, which pages and live steps make longer. */
export class Shown {
  window: Window | null = null;
  readonly messages: Cell<Timeline>;
  readonly #overlays = new Set<Patch>();
  /** how far the other one of a direct conversation has come */
  readonly #marks = { DELIVERED: 0, READ: 0 };
  #loading: Timeline["loading"] = null;
  #error: MilenaError | null = null;
  /** whether the window is to reach the conversation's end */
  #follows = true;
  #followTimer: unknown = null;

  constructor(private readonly room: Room, private readonly engine: Engine) {
    this.messages = new Cell(engine.notices, () => this.#timeline(), (watched) => watched && void this.open());
  }

  // ---- what is applied

  applied(steps: readonly Step[]): void {
    const to = steps.at(-1)!.n;
    if (this.window && !this.window.hasNewer && this.window.to < to) {
      this.window = appended(this.window, steps, to, false, this.engine.timelineMax);
    }
    this.messages.change();
  }

  /** Puts a change into its message; gives the message as it was, if it is here. */
  patch(patch: Patch): Message | null {
    const before = this.window && patchedIn(this.window, patch);
    if (!before) {
      return null;
    }
    this.window = withPatch(this.window!, before, patch, this.engine.me);
    this.#altered(this.window.items.findLast(({ sequenceNumber }) => sequenceNumber === before.sequenceNumber));
    if (before.kind === "hidden" && patch.kind === "delete" && !patch.entry) {
      // Who had written it is known by the server alone.
      void this.renew({ before: before.sequenceNumber + 1, limit: 1 });
    }
    return before.kind === "message" ? before : null;
  }

  #altered(item: TimelineItem | null | undefined): void {
    if (item) {
      this.engine.keeper?.altered(this.room, item);
    }
  }

  /** Shows a change that is not acked, or no longer. */
  overlay(patch: Patch, on: boolean): void {
    this.#overlays[on ? "add" : "delete"](patch);
    this.room.threads.forEach((thread) => thread.changed());
    this.messages.change();
  }

  /** A message as it is shown before its changes are acked. */
  overlaid(message: Message): Message {
    return [...this.#overlays].reduce((now, patch) => (patch.messageId === now.messageId ? patched(now, patch, this.engine.me) : now), message);
  }

  message(messageId: string): Message | null {
    return this.window && messageIn(this.window, messageId);
  }

  /** Whether a message of this user is shown at a number. */
  isMine(n?: number): boolean | undefined {
    return this.window?.items.some((item) => item.sequenceNumber === n && item.kind === "message" && item.mine);
  }

  /** The newest message that was not deleted. */
  lastMessage(): Message | undefined {
    return this.window?.items.findLast((item): item is Message => item.kind === "message" && item.content !== null && !item.held);
  }

  /** The other one of a direct conversation has come up to a number; false if that was known. */
  reach(upTo: number, state: "DELIVERED" | "READ"): boolean {
    const known = this.#marks[state];
    if (upTo <= known) {
      return false;
    }
    this.#marks[state] = upTo;
    if (this.window) {
      this.window = withState(this.window, known, upTo, state);
      this.messages.change();
    }
    return true;
  }

  // ---- letting go

  /** What was shown is worth nothing any more. If somebody looks at it, it stays until the end has been fetched. */
  restart(): void {
    const { window } = this;
    this.#forget();
    this.#marks.DELIVERED = this.#marks.READ = 0;
    this.engine.keeper?.restart(this.room);
    if (window && this.messages.isWatched) {
      this.window = { ...window, hasNewer: true };
      void this.loadLatest();
    }
  }

  /** Lets go of a window that nobody looks at. */
  release(): boolean {
    const isIdle = !this.messages.isWatched;
    if (isIdle) {
      this.#forget();
    }
    return isIdle;
  }

  #forget(): void {
    this.window = null;
    this.#follows = true;
    this.messages.change();
  }

  // ---- pages

  /** Shows what is kept, then what the server has. */
  async open(): Promise<void> {
    this.engine.rooms.opened(this.room);
    if (!this.window) {
      const kept = await this.engine.keeper?.kept(this.room);
      if (kept && !this.window) {
        const items = kept.items.map((item) => this.reached({ n: item.sequenceNumber!, item }).item!);
        this.window = { ...kept, items, hasNewer: kept.to < this.room.sequence.upTo };
        this.messages.change();
      }
    }
    await this.follow();
  }

  /** Brings the window to the conversation's end, and what belongs to it. */
  async follow(): Promise<void> {
    if (!this.engine.isOnline() || this.room.left || !this.messages.isWatched) {
      return;
    }
    if (!this.room.line && !this.engine.catchUp.loaded) {
      // Its line comes first: what is counted in it must not be behind what is shown. The walk through the inbox calls again.
      return;
    }
    if (!this.window) {
      await this.loadLatest();
    } else if (this.#follows && this.window.hasNewer) {
      await (this.room.sequence.newest - this.window.to > FOLLOW_MAX ? this.loadLatest() : this.#fetchNewer(PAGE_LONG));
    }
    await this.room.others.loadReceipts();
  }

  loadOlder(): Promise<void> {
    const window = this.window;
    if (!window?.hasOlder) {
      return Promise.resolve();
    }
    return this.#load("older", async () => {
      // Who reads far back goes on in longer steps.
      const run = await this.#page({ before: window.from, limit: window.items.length < PAGE_LONG ? PAGE : PAGE_LONG });
      if (this.window && this.window.from === window.from) {
        this.window = prepended(this.window, run.steps, run.from, run.hasMore, this.engine.timelineMax);
        this.#follows &&= !this.window.hasNewer;
        this.engine.keeper?.page(this.room, run);
      }
    });
  }

  async loadNewer(): Promise<void> {
    if (this.window?.hasNewer) {
      await this.#fetchNewer(PAGE, 1);
    }
  }

  /** Fetches pages behind the window until its end is the conversation's, or `pages` of them. */
  #fetchNewer(limit: number, pages = FOLLOW_MAX / PAGE_LONG + 5): Promise<void> {
    return this.#load("newer", async () => {
      for (let page = 0; page < pages && this.window?.hasNewer; page++) {
        const { to } = this.window;
        const run = await this.#page({ after: to, limit });
        if (this.window?.to !== to) {
          return;
        }
        this.window = appended(this.window, run.steps, run.to, run.hasMore, this.engine.timelineMax);
        this.#joinEnd(run);
      }
    });
  }

  loadLatest(): Promise<void> {
    return this.#load("latest", async () => {
      const run = await this.#page({ limit: PAGE });
      this.window = windowOf(run.steps, run.from, run.to, run.hasMore, false);
      this.engine.keeper?.page(this.room, run);
      this.#joinEnd(run);
    });
  }

  loadAround(n: number): Promise<void> {
    if (this.window?.items.some((item) => item.sequenceNumber === n)) {
      return Promise.resolve();
    }
    return this.#load("place", async () => {
      const [older, newer] = await Promise.all([
        this.#page({ before: n, limit: PAGE / 2 }),
        this.#page({ after: n - 1, limit: PAGE / 2 }),
      ]);
      this.window = windowOf([...older.steps, ...newer.steps], older.from, newer.to, older.hasMore, newer.hasMore);
      this.#follows = !newer.hasMore;
      this.#joinEnd(newer);
    });
  }

  /** A page as it is now: what was changed while it was on its way is in it, or it is asked for once more. */
  async #page(edge: { before?: number; after?: number; limit: number }): Promise<Run> {
    const { engine, room } = this;
    for (let tries = 1; ; tries++) {
      const asked = room.sequence.upTo;
      const page = await engine.history(room.id, edge);
      const run = edge.after === undefined ? runBefore(page, edge.before ?? null, room.id, engine.me) : runAfter(page, edge.after, room.id, engine.me);
      const since = room.recent.filter((step) => step.n > asked);
      if (tries === PAGE_TRIES || !since.some(({ changes = 0 }) => changes >= run.from && changes <= run.to)) {
        const patches = since.flatMap((step) => step.patch ?? []);
        return { ...run, steps: withPatches(run.steps, patches, engine.me).map((step) => this.reached(step)) };
      }
    }
  }

  /** A step of a page that was asked for before the other one came as far as is known by now. */
  reached(step: Step): Step {
    const { item, n } = step;
    if (item?.kind === "message" && (item.state === "DELIVERED" || item.state === "READ")) {
      this.room.reach(n, item.state);
    }
    const state = n <= this.#marks.READ ? "READ" : "DELIVERED";
    return item?.kind === "message" && n <= this.#marks[state] && !hasReached(item, state) ? { ...step, item: { ...item, state } } : step;
  }

  /** The end of a page is the end of the conversation, unless frames have gone on meanwhile. */
  #joinEnd(run: Run): void {
    if (!this.window || this.window.hasNewer) {
      return;
    }
    const to = run.to;
    this.room.start(to);
    if (to > this.room.sequence.upTo) {
      this.room.apply(this.room.sequence.offerRun(run.from, to, run.steps));
    }
    const since = this.room.recent.filter((step) => step.n > to).map((step) => this.reached(step));
    const hasAll = since.length >= this.room.sequence.upTo - to;
    this.window = hasAll
      ? appended(this.window, since, Math.max(to, this.room.sequence.upTo), false, this.engine.timelineMax)
      : { ...this.window, hasNewer: true };
    this.#follows = true;
    this.room.lookForGap();
    if (!this.room.line) {
      this.engine.catchUp.again();
    }
  }

  async #load(what: Timeline["loading"], fetch: () => Promise<void>): Promise<void> {
    if (this.#loading) {
      return;
    }
    this.#loading = what;
    this.#error = null;
    this.messages.change();
    await fetch().catch((error: unknown) => this.#failed(error));
    this.#loading = null;
    this.messages.change();
    if (!this.window || (this.#follows && this.window.hasNewer)) {
      this.followLater(this.#error ? FOLLOW_AGAIN_MS : 0);
    }
  }

  followLater(ms = FOLLOW_AGAIN_MS): void {
    this.#followTimer ??= this.engine.clock.setTimeout(() => {
      this.#followTimer = null;
      void this.follow();
    }, ms);
  }

  #failed(error: unknown): void {
    this.engine.refusedRead(this.room, (this.#error = asError(error)));
  }

  /** Fetches entries that are shown, as they are now. */
  async renew(edge: { before?: number; limit: number }): Promise<void> {
    // The newest ones are fetched again with the next receipt.
    const run = await this.#page(edge).catch((error: unknown) => edge.before && this.#failed(error));
    if (run && this.window) {
      this.window = refreshed(this.window, run.steps);
      run.steps.forEach(({ item }) => this.#altered(item));
      this.room.renewed();
    }
    this.messages.change();
  }

  #timeline(): Timeline {
    const { window } = this;
    let shown: Window = window ?? windowOf([], 0, 0, true, false);
    for (const patch of this.#overlays) {
      shown = changed(shown, patch.messageId, (message) => patched(message, patch, this.engine.me));
    }
    const { items, hasOlder, hasNewer } = shown;
    const tail: readonly TimelineItem[] = hasNewer ? [] : this.room.tail();
    return { items: tail.length > 0 ? items.concat(tail) : items, hasOlder, hasNewer, loaded: window !== null, loading: this.#loading, error: this.#error };
  }
}
