import type { ConversationView, Personal } from "./protocol.js";
import type { Frame } from "./link/link.js";
import { MilenaError } from "./errors.js";
import type { Engine } from "./engine.js";
import { hasReached, mentions, patchOf, pendingMessage, replyStep, stepOf, type RawEntry } from "./rules/entries.js";
import { afterItem, afterPatch, lineAsKept, lineOfView, withView, type Line } from "./rules/line.js";
import type { Patch } from "./rules/patch.js";
import { Sequence, type Step } from "./rules/sequence.js";
import { unreadIn, withPatches } from "./rules/window.js";
import { Others } from "./others.js";
import { Shown } from "./shown.js";
import { Cell } from "./store.js";
import type { ConversationSummary, Message, OutboxEntry, ReceiptLine, Timeline } from "./types.js";

const RECENT_MAX = 256;

/** The part of a thread that is in memory. */
export interface OpenThread {
  came(reply: Message): void;
  patch(patch: Patch): void;
  message(messageId: string): Message | null;
  /** something that waits for its place in it, or is shown of it before it is so, may have changed */
  changed(): void;
}

/** What is known of one conversation, and how what comes changes it. */
export abstract class Room {
  line: Line | null = null;
  sequence = new Sequence(0);
  left = false;
  /** how far this user has read, as far as this device knows */
  read = 0;
  readonly summary: Cell<ConversationSummary | null>;
  readonly shown: Shown;
  readonly others: Others;
  readonly messages: Cell<Timeline>;
  readonly typists: Cell<readonly string[]>;
  readonly receipts: Cell<readonly ReceiptLine[]>;

  /** whether it is known where its numbers begin */
  started = false;
  /** threads that somebody looks at, by their first messages */
  readonly threads = new Map<string, OpenThread>();
  readonly #early = new Map<string, Message>();
  /** steps that were applied lately, for answers that were on their way meanwhile */
  recent: Step[] = [];

  constructor(
    readonly id: string,
    readonly engine: Engine,
  ) {
    const { notices } = engine;
    this.summary = new Cell(notices, () => this.#summarize());
    this.shown = new Shown(this, engine);
    this.messages = this.shown.messages;
    this.others = new Others(this, engine);
    this.typists = this.others.typists;
    this.receipts = this.others.receipts;
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
        this.apply(this.sequence.offer(stepOf({ ...payload, kind: "message" }, this.id, this.engine.me)));
        break;
      case "messages.offline":
        this.#missed(payload.messages ?? [], payload.expired ?? []);
        break;
      case "conversation.created":
        this.begin(payload, n);
        break;
      case "conversation.updated":
        this.view(payload, n);
        this.#noted(n);
        break;
      case "conversation.left":
        this.out();
        break;
      case "conversation.personal": {
        const { conversationId: _, ...personal } = payload;
        this.keeps(personal);
        break;
      }
      case "typing.update":
        this.others.type(payload.userId, payload.isTyping === true);
        break;
      case "message.delivered":
        this.others.receipt(payload.deliveredTo, payload.deliveredUpToSequence, 0, payload.timestamp);
        break;
      case "message.read_receipt":
        if (payload.readBy === this.engine.me) {
          this.endUnreadFrom();
        }
        this.others.receipt(payload.readBy, payload.readUpToSequence, payload.readUpToSequence, payload.timestamp);
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

  #missed(entries: RawEntry[], expired: { from: number; to: number }[]): void {
    const first = Math.min(...entries.map((entry) => entry.sequenceNumber), ...expired.map((range) => range.from));
    this.start(first - 1);
    for (const entry of entries) {
      this.apply(this.sequence.offer(stepOf(entry, this.id, this.engine.me)));
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
    this.#drop();
    this.started = true;
    this.sequence = new Sequence(n - 1);
    this.line = lineOfView(view, this.engine.me, n - 1);
    this.#noted(n);
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
      this.line = this.#folded(lineOfView(view, this.engine.me, before), this.recent);
      this.changedLine();
    }
  }

  #folded(line: Line, steps: readonly Step[]): Line {
    return steps.reduce((now, { n, item, patch }) => {
      const next = afterItem(now, n, item, this.read, this.engine.me);
      return patch && n > now.at ? afterPatch(next, patch, this.engine.me) : next;
    }, line);
  }

  /** Something changed whose entry a frame does not carry. It is fetched if somebody would see it. */
  #noted(n: number): void {
    if (this.shown.window || this.engine.hasItemListeners()) {
      this.sequence.note(n);
    } else {
      this.apply(this.sequence.offer({ n, item: null }));
    }
  }

  /** What this user keeps of it for themselves. */
  keeps(personal: Personal): void {
    if (!this.line) {
      return;
    }
    const before = this.line.personal;
    this.line = { ...this.line, personal };
    if ((personal.clearedUpTo ?? 0) > (before.clearedUpTo ?? 0)) {
      this.#drop();
    }
    if (personal.clearedUpTo !== before.clearedUpTo || personal.unreadFrom !== before.unreadFrom) {
      this.engine.catchUp.again();
    }
    this.changedLine();
  }

  /** What was marked as unread is read; false if nothing was. */
  endUnreadFrom(): boolean {
    if (this.line?.personal.unreadFrom === undefined) {
      return false;
    }
    const { unreadFrom: _, ...personal } = this.line.personal;
    this.line = { ...this.line, unread: 0, mentions: 0, personal };
    this.changedLine();
    return true;
  }

  /** This user is in it no longer. */
  out(): void {
    this.left = true;
    this.others.forget();
    this.engine.sender.refuseAll(this.id);
    this.engine.keeper?.forget(this);
    this.changedLine();
  }

  lookForGap(): void {
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
      this.#applyOne(step);
    }
    // A later one may change a message that comes with it, or say how far the other one has come.
    const patches = came.flatMap((step) => step.patch ?? []);
    const steps = withPatches(came, patches, this.engine.me).map((step) => this.shown.reached(step));
    this.recent = this.recent.concat(steps).slice(-RECENT_MAX);
    for (const { reply } of came) {
      this.threads.get(reply?.threadOf ?? "")?.came(reply!);
    }
    this.shown.applied(steps);
    this.engine.keeper?.applied(this, steps[0]!.n, steps.at(-1)!.n, steps);
    this.changedLine();
    const newest = steps.findLast((step) => step.item?.kind === "message" && !step.item.mine);
    if (newest) {
      this.engine.receipts.delivered(this.id, newest.n);
    }
    for (const { item, reply } of steps) {
      if (item || reply) {
        this.engine.emit((item ?? reply)!);
      }
    }
  }

  #applyOne({ n, item, patch, reply }: Step): void {
    if (patch) {
      this.#patch(n, patch);
    }
    if (reply?.mine) {
      this.#early.delete(reply.messageId);
      this.engine.sender.arrived(reply.messageId);
    }
    if (item?.kind === "message") {
      this.#early.delete(item.messageId);
      if (item.mine) {
        this.read = Math.max(this.read, n);
        this.engine.sender.arrived(item.messageId);
      } else {
        this.others.type(item.senderId, false);
        // Who writes has read what was before.
        this.reach(n, "READ");
      }
    }
    this.line = this.line && afterItem(this.line, n, item, this.read, this.engine.me);
  }

  #patch(n: number, patch: Patch): void {
    this.threads.forEach((thread) => thread.patch(patch));
    const target = this.shown.patch(patch);
    const { line } = this;
    if (!line || n <= line.at) {
      return;
    }
    this.line = afterPatch(line, patch, this.engine.me);
    if (patch.kind === "delete") {
      this.#deleted(target, patch.messageId);
    } else if (patch.kind === "edit" && line.unread > 0 && !target?.mine && (patch.content.mentions || line.mentions > 0)) {
      // Whom an unread message mentions may have changed.
      this.engine.catchUp.again();
    }
  }

  /** A deleted message counts no longer, and another one is the last. */
  #deleted(target: Message | null, messageId: string): void {
    const line = this.line!;
    if (line.unread > 0 && target?.content && !target.mine && this.read > 0) {
      const isUnread = target.sequenceNumber! > this.read ? 1 : 0;
      this.line = { ...line, unread: line.unread - isUnread, mentions: line.mentions - (mentions(target, this.engine.me) ? isUnread : 0) };
    } else if (line.unread > 0 && !target?.mine) {
      this.engine.catchUp.again();
    }
    const last = this.shown.lastMessage();
    if (line.lastMessage?.messageId === messageId && last) {
      this.line = { ...this.line!, lastMessage: last };
    }
  }

  /** One's own message has its number. */
  acked(entry: OutboxEntry, n: number, timestamp: number, more: object = {}): void {
    const message: Message = { ...pendingMessage(entry, this.engine.me, null), ...more, sequenceNumber: n, timestamp, state: "SENT" };
    this.start(n - 1);
    if (n > this.sequence.upTo) {
      this.#early.set(message.messageId, message);
      this.apply(this.sequence.offer(message.threadOf === undefined ? { n, item: message } : replyStep(message, message.showInConversation === true)));
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
    if (!hasAll && this.line) {
      this.engine.catchUp.again();
      return;
    }
    const folded = this.#folded(line, since);
    const next = this.line && this.line.viewAt > line.viewAt && !isBehind ? withView(folded, this.line.view, this.line.viewAt) : folded;
    const isRead = next.personal.unreadFrom === undefined && (next.lastMessage?.sequenceNumber ?? 0) <= this.read;
    this.line = isRead ? { ...next, unread: 0, mentions: 0 } : next;
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
    this.line = lineAsKept(line);
    this.start(upTo);
    this.read = read;
    this.summary.change();
  }

  /** Goes on behind a number, leaving out what is before. */
  restart(upTo: number): void {
    this.recent = [];
    this.apply(this.sequence.restart(upTo));
    this.#drop();
  }

  /** A new connection that resumes nothing: what came before it is no longer set against answers. */
  forgetRecent(): void {
    this.recent = [];
  }

  #drop(): void {
    this.#early.clear();
    this.shown.restart();
  }

  // ---- receipts

  /** The other one of a direct conversation has come up to a number. In a group that is for the server to say, message by message. */
  reach(upTo: number, state: "DELIVERED" | "READ"): void {
    if (this.line?.view.type !== "direct") {
      return;
    }
    const last = this.line?.lastMessage;
    if (this.shown.reach(upTo, state) && last?.mine && last.sequenceNumber! <= upTo && !hasReached(last, state)) {
      this.line = { ...this.line!, lastMessage: { ...last, state } };
      this.changedLine();
    }
  }

  /** Messages that are shown were fetched again. */
  renewed(): void {
    const last = this.line?.lastMessage && this.shown.message(this.line.lastMessage.messageId);
    this.line = this.line && last ? { ...this.line, lastMessage: last } : this.line;
    this.changedLine();
  }

  /** This user has read up to a number, here or on another device. */
  hasRead(upTo: number): boolean {
    if (upTo <= this.read) {
      return false;
    }
    this.read = upTo;
    if (this.line && this.line.unread > 0) {
      const last = this.line.lastMessage?.sequenceNumber ?? 0;
      const { window } = this.shown;
      const left = last <= upTo ? { unread: 0, mentions: 0 } : window && window.to >= this.line.at ? unreadIn(window, upTo, this.engine.me) : null;
      if (left === null) {
        this.engine.catchUp.again();
      } else {
        this.line = { ...this.line, unread: Math.min(left.unread, this.line.unread), mentions: Math.min(left.mentions, this.line.mentions) };
      }
    }
    this.changedLine();
    this.engine.keeper?.touched(this);
    return true;
  }

  // ---- what is shown

  changedLine(): void {
    this.summary.change();
    this.engine.changedLine();
    this.engine.keeper?.touched(this);
  }

  pendingChanged(): void {
    this.messages.change();
    this.threads.forEach((thread) => thread.changed());
    this.summary.change();
    this.engine.changedLine();
  }

  #pending(): Message[] {
    const { me } = this.engine;
    return this.engine.sender.entries(this.id).map((entry) =>
      pendingMessage(entry, me, entry.failed && new MilenaError(entry.failed.code, entry.failed.message)));
  }

  /** What stands behind the window: messages of one's own, those that are acked before those that wait. */
  tail(): Message[] {
    return this.waiting().filter((message) => message.threadOf === undefined || message.showInConversation === true);
  }

  /** Messages of one's own that have no place yet, in threads too. */
  waiting(): Message[] {
    return [...[...this.#early.values()].sort((a, b) => a.sequenceNumber! - b.sequenceNumber!), ...this.#pending()];
  }

  message(messageId: string): Message | null {
    let found = this.#early.get(messageId) ?? this.shown.message(messageId);
    this.threads.forEach((thread) => (found ??= thread.message(messageId)));
    return found;
  }

  #summarize(): ConversationSummary | null {
    const { line, engine, left } = this;
    if (!line) {
      return null;
    }
    const { view } = line;
    const waiting = this.#pending().findLast((message) => message.state === "SENDING");
    const other = view.type === "direct" ? view.participants.find((person) => person.userId !== engine.me) : null;
    return {
      ...view, ...line, accepted: line.personal.accepted,
      otherUserId: other?.userId ?? null,
      role: view.participants.find((person) => person.userId === engine.me)?.role ?? null,
      lastSequence: Math.max(this.sequence.upTo, line.at),
      lastMessage: waiting ?? line.lastMessage,
      lastEventAt: Math.max(line.lastEventAt, waiting?.timestamp ?? 0),
      unreadCount: line.unread, unreadMentions: line.mentions, left,
    };
  }
}
