import type { ConversationView, Receipts } from "./protocol.js";
import type { Frame } from "./link/link.js";
import { MilenaError } from "./errors.js";
import { asError } from "./calls.js";
import type { Engine } from "./engine.js";
import { hasReached, itemOf, patchOf, pendingMessage, type RawEntry } from "./rules/entries.js";
import { afterItem, afterPatch, lineOfView, withView, type Line } from "./rules/line.js";
import { runAfter, runBefore, type Run } from "./rules/pages.js";
import { patched, type Patch } from "./rules/patch.js";
import { Sequence, type Step } from "./rules/sequence.js";
import {
  appended, changed, messageIn, prepended, refreshed, unreadIn, windowOf, withPatch, withPatches, withState, type Window,
} from "./rules/window.js";
import { Cell } from "./store.js";
import type { ConversationSummary, Message, OutboxEntry, ReceiptLine, Timeline, TimelineItem } from "./types.js";

const PAGE = 50;
const PAGE_LONG = 200;
/** As many numbers behind a window are fetched page by page; beyond it the window begins afresh at the end. */
const FOLLOW_MAX = 1_000;
const RECENT_MAX = 256;
const RECEIPTS_MEMBERS_MAX = 100;
const TYPIST_MS = 7_000;
const REFRESH_MS = 2_000;
const FOLLOW_AGAIN_MS = 5_000;

function counted({ lastMessage, lastEventAt, unread, at }: Line): Pick<Line, "lastMessage" | "lastEventAt" | "unread" | "at"> {
  return { lastMessage, lastEventAt, unread, at };
}

/** What is known of one conversation, and how what comes changes it. */
export class Room {
  line: Line | null = null;
  sequence = new Sequence(0);
  window: Window | null = null;
  left = false;
  /** how far this user has read, as far as this device knows */
  read = 0;
  readonly summary: Cell<ConversationSummary | null>;
  readonly messages: Cell<Timeline>;
  readonly typists: Cell<readonly string[]>;
  readonly receipts: Cell<readonly ReceiptLine[]>;

  private started = false;
  private readonly early = new Map<string, Message>();
  private readonly overlays = new Set<Patch>();
  private readonly typing = new Map<string, unknown>();
  private readonly marks = { DELIVERED: 0, READ: 0 };
  private receiptLines: readonly ReceiptLine[] = [];
  private loading: Timeline["loading"] = null;
  private error: MilenaError | null = null;
  /** whether the window is to reach the conversation's end */
  private follows = true;
  /** steps that were applied lately, for answers that were on their way meanwhile */
  private recent: Step[] = [];
  private refreshTimer: unknown = null;
  private followTimer: unknown = null;

  constructor(
    readonly id: string,
    private readonly engine: Engine,
  ) {
    const { notices } = engine;
    this.summary = new Cell(notices, () => this.summarize());
    this.messages = new Cell(notices, () => this.timeline(), (watched) => watched && void this.open());
    this.typists = new Cell(notices, () => [...this.typing.keys()]);
    this.receipts = new Cell(notices, () => this.receiptLines);
  }

  // ---- frames

  receive(frame: Frame): void {
    const { payload } = frame;
    const n = payload.sequenceNumber as number;
    if (n) {
      this.start(n - 1);
    }
    switch (frame.type) {
      case "message.new":
        this.apply(this.sequence.offer({ n, item: itemOf({ ...payload, kind: "message" }, this.id, this.engine.me) }));
        break;
      case "messages.offline":
        this.missed(payload.messages ?? [], payload.expired ?? []);
        break;
      case "conversation.created":
        this.begin(payload, n);
        break;
      case "conversation.updated":
        this.view(payload, n);
        this.change(n);
        break;
      case "conversation.left":
        this.leave();
        break;
      case "typing.update":
        this.type(payload.userId, payload.isTyping === true);
        break;
      case "message.delivered":
        this.receipt(payload.deliveredTo, payload.deliveredUpToSequence, 0, payload.timestamp);
        break;
      case "message.read_receipt":
        this.receipt(payload.readBy, payload.readUpToSequence, payload.readUpToSequence, payload.timestamp);
        break;
      default: {
        // Also what later levels bring: its number is no gap, whatever it means.
        const patch = patchOf(frame.type, payload) ?? undefined;
        for (const each of (payload.sequenceNumbers as number[] | undefined) ?? (n ? [n] : [])) {
          this.apply(this.sequence.offer({ n: each, item: null, patch }));
        }
      }
    }
    this.lookForGap();
    if (!this.line && this.started && !this.left) {
      this.engine.catchUp.again();
    }
  }

  /** Nothing was known of it: its numbers begin here. */
  start(upTo: number): void {
    if (!this.started) {
      this.started = true;
      this.sequence = new Sequence(upTo);
    }
  }

  private missed(entries: RawEntry[], expired: { from: number; to: number }[]): void {
    const first = Math.min(...entries.map((entry) => entry.sequenceNumber), ...expired.map((range) => range.from));
    this.start(first - 1);
    for (const entry of entries) {
      this.apply(this.sequence.offer({ n: entry.sequenceNumber, item: itemOf(entry, this.id, this.engine.me) }));
    }
    for (const { from, to } of expired) {
      for (let n = Math.max(from, this.sequence.upTo + 1); n <= to; n++) {
        this.apply(this.sequence.offer({ n, item: null }));
      }
    }
  }

  /** It is new to this user: what was before is forgotten. */
  begin(view: ConversationView, n: number): void {
    if (this.started && !this.left && n <= this.sequence.upTo) {
      this.describe(view);
      return;
    }
    this.left = false;
    this.drop();
    this.started = true;
    this.sequence = new Sequence(n - 1);
    this.line = lineOfView(view, this.engine.me, n - 1);
    this.change(n);
    if (n > 1) {
      this.engine.catchUp.again();
    }
    this.changedLine();
  }

  view(view: ConversationView & { sequenceNumber?: number }, n: number): void {
    const { sequenceNumber: _, ...plain } = view;
    this.describe(plain);
    this.line = withView(this.line!, plain, n);
    this.changedLine();
  }

  /** Makes a line where there is none, with what came meanwhile. */
  describe(view: ConversationView): void {
    if (!this.line) {
      const before = (this.recent[0]?.n ?? this.sequence.upTo + 1) - 1;
      this.line = this.folded(lineOfView(view, this.engine.me, before), this.recent);
      this.changedLine();
    }
  }

  private folded(line: Line, steps: readonly Step[]): Line {
    return steps.reduce((now, { n, item, patch }) => {
      const next = afterItem(now, n, item, this.read);
      return patch && n > now.at ? afterPatch(next, patch, this.engine.me) : next;
    }, line);
  }

  /** Something changed whose entry a frame does not carry. It is fetched if somebody would see it. */
  private change(n: number): void {
    if (this.window || this.engine.hasItemListeners()) {
      this.sequence.note(n);
    } else {
      this.apply(this.sequence.offer({ n, item: null }));
    }
  }

  leave(): void {
    this.left = true;
    this.typing.clear();
    this.engine.sender.refuseAll(this.id);
    this.engine.keeper?.forget(this);
    this.changedLine();
    this.typists.change();
  }

  private lookForGap(): void {
    if (this.sequence.hasGap && !this.left) {
      this.engine.catchUp.missing(this);
    }
  }

  // ---- what is applied

  apply(came: readonly Step[]): void {
    if (came.length === 0) {
      return;
    }
    for (const step of came) {
      this.applyOne(step);
    }
    // Behind all of them: a later one may say how far the other one has come.
    const steps = came.map((step) => this.reached(step));
    this.recent = this.recent.concat(steps).slice(-RECENT_MAX);
    const to = steps.at(-1)!.n;
    if (this.window && !this.window.hasNewer && this.window.to < to) {
      this.window = appended(this.window, steps, to, false, this.engine.timelineMax);
    }
    this.engine.keeper?.applied(this, steps[0]!.n, to, steps);
    this.changedLine();
    this.messages.change();
    const newest = steps.findLast((step) => step.item?.kind === "message" && !step.item.mine);
    if (newest) {
      this.engine.receipts.delivered(this.id, newest.n);
    }
    for (const { item } of steps) {
      if (item) {
        this.engine.emit(item);
      }
    }
  }

  private applyOne({ n, item, patch }: Step): void {
    if (patch) {
      this.patch(n, patch);
    }
    if (item?.kind === "message") {
      this.early.delete(item.messageId);
      if (item.mine) {
        this.read = Math.max(this.read, n);
        this.engine.sender.arrived(item.messageId);
      } else {
        this.type(item.senderId, false);
        if (this.line?.view.type === "direct") {
          // Who writes has read what was before.
          this.reach(n, "READ");
        }
      }
    }
    this.line = this.line && afterItem(this.line, n, item, this.read);
  }

  private patch(n: number, patch: Patch): void {
    const { me } = this.engine;
    const target = this.window && messageIn(this.window, patch.messageId);
    if (this.window) {
      this.window = withPatch(this.window, patch, me);
      const after = messageIn(this.window, patch.messageId);
      if (after && after !== target) {
        this.engine.keeper?.altered(this, after);
      }
    }
    const { line } = this;
    if (!line || n <= line.at) {
      return;
    }
    this.line = afterPatch(line, patch, me);
    if (patch.kind === "delete") {
      this.deleted(target, patch.messageId);
    }
  }

  /** A deleted message counts no longer, and another one is the last. */
  private deleted(target: Message | null, messageId: string): void {
    const line = this.line!;
    if (line.unread > 0 && target && !target.mine && this.read > 0) {
      const counted = target.content !== null && target.sequenceNumber! > this.read;
      this.line = { ...line, unread: line.unread - (counted ? 1 : 0) };
    } else if (line.unread > 0 && !target?.mine) {
      this.engine.catchUp.again();
    }
    const last = this.window?.items.findLast((item) => item.kind === "message" && item.content !== null);
    if (line.lastMessage?.messageId === messageId && last?.kind === "message") {
      this.line = { ...this.line!, lastMessage: last };
    }
  }

  /** One's own message has its number. */
  acked(entry: OutboxEntry, n: number, timestamp: number, more: object = {}): void {
    const message: Message = { ...pendingMessage(entry, this.engine.me, null), ...more, sequenceNumber: n, timestamp, state: "SENT" };
    this.start(n - 1);
    if (n > this.sequence.upTo) {
      this.early.set(message.messageId, message);
      this.apply(this.sequence.offer({ n, item: message }));
      this.lookForGap();
    }
    this.messages.change();
    this.changedLine();
  }

  /** A change of one's own has its number. */
  ackedPatch(patch: Patch, n: number): void {
    this.apply(this.sequence.offer({ n, item: null, patch }));
    this.lookForGap();
  }

  overlay(patch: Patch, on: boolean): void {
    if (on) {
      this.overlays.add(patch);
    } else {
      this.overlays.delete(patch);
    }
    this.messages.change();
  }

  /**
   * The inbox answered this line.
   *
   * @param had the number up to which this client had applied everything when it asked
   */
  answered(line: Line, had: number): void {
    const upTo = line.at;
    this.start(upTo);
    this.left = false;
    const isBehind = had > upTo;
    if (isBehind) {
      // What this client has the server no longer has: it begins where the server is.
      this.restart(upTo);
    }
    const since = this.recent.filter((step) => step.n > upTo);
    const hasAll = since.length >= this.sequence.upTo - upTo;
    const counts = hasAll || !this.line ? this.folded(line, since) : { ...line, ...counted(this.line) };
    const next = this.line && this.line.viewAt > line.viewAt && !isBehind ? withView(counts, this.line.view, this.line.viewAt) : counts;
    const isRead = (next.lastMessage?.sequenceNumber ?? 0) <= this.read;
    this.line = isRead ? { ...next, unread: 0 } : next;
    if (!isRead && next.unread > 0 && this.engine.receipts.waits(this.id)) {
      this.engine.catchUp.again();
    }
    if (line.unread > 0 && line.lastMessage?.sequenceNumber) {
      this.engine.receipts.delivered(this.id, line.lastMessage.sequenceNumber);
    }
    this.changedLine();
  }

  /** Begins with what was kept. */
  resume(line: Line, upTo: number, read: number): void {
    this.line = line;
    this.start(upTo);
    this.read = read;
    this.summary.change();
  }

  /** Goes on behind a number, leaving out what is before. */
  restart(upTo: number): void {
    this.recent = [];
    this.apply(this.sequence.restart(upTo));
    const window = this.window;
    this.drop();
    if (window && this.messages.isWatched) {
      // What was shown stays until the end has been fetched.
      this.window = { ...window, hasNewer: true };
      void this.loadLatest();
    }
  }

  /** A new connection that resumes nothing: what came before it is no longer set against answers. */
  forgetRecent(): void {
    this.recent = [];
  }

  private drop(): void {
    this.window = null;
    this.follows = true;
    this.early.clear();
    this.marks.DELIVERED = this.marks.READ = 0;
    this.engine.keeper?.restart(this);
    this.messages.change();
  }

  /** Lets go of a window that nobody looks at. */
  release(): boolean {
    if (this.messages.isWatched || !this.window) {
      return false;
    }
    this.window = null;
    this.follows = true;
    this.messages.change();
    return true;
  }

  // ---- receipts, typing

  private receipt(userId: string, delivered: number, read: number, at: number): void {
    if (userId === this.engine.me) {
      this.hasRead(read);
      return;
    }
    const known = this.receiptLines.find((line) => line.userId === userId);
    const line: ReceiptLine = {
      ...known,
      userId,
      deliveredUpToSequence: Math.max(delivered, known?.deliveredUpToSequence ?? 0),
      readUpToSequence: Math.max(read, known?.readUpToSequence ?? 0),
      ...(read > 0 ? { readAt: at } : { deliveredAt: at }),
    };
    this.receiptLines = [...this.receiptLines.filter((other) => other !== known), line];
    this.receipts.change();
    this.come(line);
    if (this.line?.view.type !== "direct") {
      // Only the server knows whose receipts count in a group.
      this.refreshSoon();
    }
  }

  private come(line: ReceiptLine): void {
    if (this.line?.view.type === "direct") {
      this.reach(line.deliveredUpToSequence, "DELIVERED");
      this.reach(line.readUpToSequence, "READ");
    }
  }

  /** The other one of a direct conversation has come up to a number. */
  private reach(upTo: number, state: "DELIVERED" | "READ"): void {
    if (upTo <= this.marks[state]) {
      return;
    }
    if (this.window) {
      this.window = withState(this.window, this.marks[state], upTo, state);
      this.messages.change();
    }
    this.marks[state] = upTo;
    const last = this.line?.lastMessage;
    if (last?.mine && last.sequenceNumber! <= upTo && !hasReached(last, state)) {
      this.line = { ...this.line!, lastMessage: { ...last, state } };
      this.changedLine();
    }
  }

  private refreshSoon(): void {
    if (this.refreshTimer === null && this.window && this.messages.isWatched) {
      this.refreshTimer = this.engine.clock.setTimeout(() => {
        this.refreshTimer = null;
        void this.renew({ limit: PAGE });
      }, REFRESH_MS);
    }
  }

  /** Fetches entries that are shown, as they are now. */
  async renew(edge: { before?: number; limit: number }): Promise<void> {
    const run = await this.page(edge).catch(() => null);
    if (run && this.window) {
      this.window = refreshed(this.window, run.steps);
      const last = this.line?.lastMessage && messageIn(this.window, this.line.lastMessage.messageId);
      this.line = this.line && last ? { ...this.line, lastMessage: last } : this.line;
      this.messages.change();
      this.changedLine();
    }
  }

  /** This user has read up to a number, here or on another device. */
  hasRead(upTo: number): boolean {
    if (upTo <= this.read) {
      return false;
    }
    this.read = upTo;
    if (this.line && this.line.unread > 0) {
      const last = this.line.lastMessage?.sequenceNumber ?? 0;
      const isWhole = this.window !== null && this.window.to >= this.line.at;
      const unread = last <= upTo ? 0 : isWhole ? unreadIn(this.window!, upTo) : null;
      if (unread === null) {
        this.engine.catchUp.again();
      } else {
        this.line = { ...this.line, unread: Math.min(unread, this.line.unread) };
      }
    }
    this.changedLine();
    this.engine.keeper?.touched(this);
    return true;
  }

  private type(userId: string, isTyping: boolean): void {
    const { clock } = this.engine;
    if (!isTyping && !this.typing.has(userId)) {
      return;
    }
    clock.clearTimeout(this.typing.get(userId));
    this.typing.delete(userId);
    if (isTyping) {
      // The server says when it ends; that may be lost.
      this.typing.set(userId, clock.setTimeout(() => this.type(userId, false), TYPIST_MS));
    }
    this.typists.change();
  }

  // ---- pages

  /** Shows what is kept, then what the server has. */
  async open(): Promise<void> {
    this.engine.opened(this);
    if (!this.window) {
      const kept = await this.engine.keeper?.kept(this);
      if (kept && !this.window) {
        this.window = { ...kept, hasNewer: kept.to < this.sequence.upTo };
        this.messages.change();
      }
    }
    await this.follow();
  }

  /** Brings the window to the conversation's end, and what belongs to it. */
  async follow(): Promise<void> {
    if (!this.engine.isOnline() || this.left || !this.messages.isWatched) {
      return;
    }
    if (!this.line && !this.engine.catchUp.loaded) {
      // Its line comes first: what is counted in it must not be behind what is shown. The walk through the inbox calls again.
      return;
    }
    if (!this.window) {
      await this.loadLatest();
    } else if (this.follows && this.window.hasNewer) {
      await (this.sequence.newest - this.window.to > FOLLOW_MAX ? this.loadLatest() : this.fetchNewer("newer", PAGE_LONG));
    }
    await this.loadReceipts();
  }

  async loadReceipts(): Promise<void> {
    if (!this.line || this.line.view.memberCount >= RECEIPTS_MEMBERS_MAX) {
      return;
    }
    const path = `/api/v1/conversations/${encodeURIComponent(this.id)}/receipts`;
    const answer = await this.engine.calls.call<Receipts>("GET", path).catch(() => null);
    for (const line of answer?.receipts ?? []) {
      if (line.userId === this.engine.me) {
        this.hasRead(line.readUpToSequence);
      }
    }
    if (answer) {
      this.receiptLines = answer.receipts.filter((line) => line.userId !== this.engine.me);
      this.receiptLines.forEach((line) => this.come(line));
      this.receipts.change();
    }
  }

  loadOlder(): Promise<void> {
    const window = this.window;
    if (!window?.hasOlder) {
      return Promise.resolve();
    }
    return this.load("older", async () => {
      const run = await this.page({ before: window.from, limit: PAGE });
      if (this.window && this.window.from === window.from) {
        this.window = prepended(this.window, run.steps, run.from, run.hasMore, this.engine.timelineMax);
        this.follows &&= !this.window.hasNewer;
        this.engine.keeper?.page(this, run);
      }
    });
  }

  async loadNewer(): Promise<void> {
    if (this.window?.hasNewer) {
      await this.fetchNewer("newer", PAGE, 1);
    }
  }

  /** Fetches pages behind the window until its end is the conversation's, or `pages` of them. */
  private fetchNewer(what: "newer", limit: number, pages = FOLLOW_MAX / PAGE_LONG + 5): Promise<void> {
    return this.load(what, async () => {
      for (let page = 0; page < pages && this.window?.hasNewer; page++) {
        const { to } = this.window;
        const run = await this.page({ after: to, limit });
        if (this.window?.to !== to) {
          return;
        }
        this.window = appended(this.window, run.steps, run.to, run.hasMore, this.engine.timelineMax);
        this.joinEnd(run);
      }
    });
  }

  loadLatest(): Promise<void> {
    return this.load("latest", async () => {
      const run = await this.page({ limit: PAGE });
      this.window = windowOf(run.steps, run.from, run.to, run.hasMore, false);
      this.engine.keeper?.page(this, run);
      this.joinEnd(run);
    });
  }

  loadAround(n: number): Promise<void> {
    if (this.window?.items.some((item) => item.sequenceNumber === n)) {
      return Promise.resolve();
    }
    return this.load("place", async () => {
      const [older, newer] = await Promise.all([
        this.page({ before: n, limit: PAGE / 2 }),
        this.page({ after: n - 1, limit: PAGE / 2 }),
      ]);
      this.window = windowOf([...older.steps, ...newer.steps], older.from, newer.to, older.hasMore, newer.hasMore);
      this.follows = !newer.hasMore;
      this.joinEnd(newer);
    });
  }

  /** A page as it is now: what was changed while it was on its way is in it. */
  private async page(edge: { before?: number; after?: number; limit: number }): Promise<Run> {
    const { id, engine } = this;
    const asked = this.sequence.upTo;
    const page = await engine.history(id, edge);
    const run = edge.after === undefined ? runBefore(page, edge.before ?? null, id, engine.me) : runAfter(page, edge.after, id, engine.me);
    const patches = this.recent.flatMap((step) => (step.n > asked && step.patch ? [step.patch] : []));
    return { ...run, steps: withPatches(run.steps, patches, engine.me).map((step) => this.reached(step)) };
  }

  /** A step of a page that was asked for before the other one came as far as is known by now. */
  private reached(step: Step): Step {
    const { item, n } = step;
    const state = n <= this.marks.READ ? "READ" : "DELIVERED";
    return item?.kind === "message" && n <= this.marks[state] && !hasReached(item, state) ? { ...step, item: { ...item, state } } : step;
  }

  /** The end of a page is the end of the conversation, unless frames have gone on meanwhile. */
  private joinEnd(run: Run): void {
    if (!this.window || this.window.hasNewer) {
      return;
    }
    const to = run.to;
    this.start(to);
    if (to > this.sequence.upTo) {
      this.apply(this.sequence.offerRun(run.from, to, run.steps));
    }
    const since = this.recent.filter((step) => step.n > to);
    const hasAll = since.length >= this.sequence.upTo - to;
    this.window = hasAll
      ? appended(this.window, since, Math.max(to, this.sequence.upTo), false, this.engine.timelineMax)
      : { ...this.window, hasNewer: true };
    this.follows = true;
    this.lookForGap();
    if (!this.line) {
      this.engine.catchUp.again();
    }
  }

  private async load(what: Timeline["loading"], fetch: () => Promise<void>): Promise<void> {
    if (this.loading) {
      return;
    }
    this.loading = what;
    this.error = null;
    this.messages.change();
    try {
      await fetch();
    } catch (error) {
      this.error = asError(error);
      this.engine.refusedRead(this, this.error);
    }
    this.loading = null;
    this.messages.change();
    if (!this.window || (this.follows && this.window.hasNewer)) {
      this.followLater(this.error ? FOLLOW_AGAIN_MS : 0);
    }
  }

  private followLater(ms: number): void {
    this.followTimer ??= this.engine.clock.setTimeout(() => {
      this.followTimer = null;
      void this.follow();
    }, ms);
  }

  // ---- what is shown

  changedLine(): void {
    this.summary.change();
    this.engine.changedLine();
    this.engine.keeper?.touched(this);
  }

  pendingChanged(): void {
    this.messages.change();
    this.summary.change();
    this.engine.changedLine();
  }

  private pending(): Message[] {
    const { me } = this.engine;
    return this.engine.sender.entries(this.id).map((entry) =>
      pendingMessage(entry, me, entry.failed && new MilenaError(entry.failed.code, entry.failed.message)));
  }

  message(messageId: string): Message | null {
    return this.early.get(messageId) ?? (this.window && messageIn(this.window, messageId));
  }

  private timeline(): Timeline {
    const { window, loading, error } = this;
    const hasNewer = window?.hasNewer ?? false;
    const tail: TimelineItem[] = hasNewer
      ? []
      : [...[...this.early.values()].sort((a, b) => a.sequenceNumber! - b.sequenceNumber!), ...this.pending()];
    let shown: Window = window ?? windowOf([], 0, 0, true, false);
    for (const patch of this.overlays) {
      shown = changed(shown, patch.messageId, (message) => patched(message, patch, this.engine.me));
    }
    return {
      items: tail.length === 0 ? shown.items : shown.items.concat(tail),
      hasOlder: shown.hasOlder, hasNewer, loaded: window !== null, loading, error,
    };
  }

  private summarize(): ConversationSummary | null {
    const { line, engine, left } = this;
    if (!line) {
      return null;
    }
    const { view } = line;
    const waiting = this.pending().findLast((message) => message.state === "SENDING");
    const other = view.type === "direct" ? view.participants.find((person) => person.userId !== engine.me) : null;
    return {
      ...view, ...line,
      otherUserId: other?.userId ?? null,
      role: view.participants.find((person) => person.userId === engine.me)?.role ?? null,
      lastSequence: Math.max(this.sequence.upTo, line.at),
      lastMessage: waiting ?? line.lastMessage,
      lastEventAt: Math.max(line.lastEventAt, waiting?.timestamp ?? 0),
      unreadCount: line.unread, left,
    };
  }
}
