import type { Engine } from "./engine.js";
import type { ConversationView, Personal } from "./protocol.js";
import { hasReached, mentions } from "./rules/entries.js";
import { afterItem, afterPatch, withView, lineOfView, type Line } from "./rules/line.js";
import type { Sequence, Step } from "./rules/sequence.js";
import { unreadIn } from "./rules/window.js";
import type { Shown } from "./shown.js";
import { Cell } from "./store.js";
import type { ConversationSummary, Message } from "./types.js";

/** A conversation as the inbox has it: what is counted and shown of it without its messages. */
export abstract class InboxLine {
  line: Line | null = null;
  left = false;
  /** how far this user has read, as far as this device knows */
  read = 0;
  /** when this user wrote last, by this clock */
  #wroteAt = 0;
  /** what slow mode has answered, and the setting of then */
  #refused: { until: number; seconds?: number } = { until: 0 };
  #slowTimer: unknown = null;
  /** steps that were applied lately, for answers that were on their way meanwhile */
  recent: Step[] = [];
  readonly summary: Cell<ConversationSummary | null>;
  abstract sequence: Sequence;
  abstract readonly shown: Shown;

  constructor(
    readonly id: string,
    readonly engine: Engine,
  ) {
    this.summary = new Cell(engine.notices, () => this.summarize());
  }

  /** Messages of one's own that wait. */
  protected abstract pending(): Message[];

  abstract start(upTo: number): void;

  /** Goes on behind a number, leaving out what is before. */
  abstract restart(upTo: number): void;

  /** Something of it is to be written down. */
  protected abstract touched(): void;

  /** What is shown of its messages is worth nothing any more. */
  protected abstract drop(): void;

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

  protected folded(line: Line, steps: readonly Step[]): Line {
    return steps.reduce((now, { n, item, patch }) => {
      const next = afterItem(now, n, item, this.read, this.engine.me);
      return patch && n > now.at ? afterPatch(next, patch, this.engine.me) : next;
    }, line);
  }

  /** What this user keeps of it for themselves. */
  keeps(personal: Personal): void {
    if (!this.line) {
      return;
    }
    const before = this.line.personal;
    this.line = { ...this.line, personal };
    if ((personal.clearedUpTo ?? 0) > (before.clearedUpTo ?? 0)) {
      this.drop();
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

  /** A deleted message counts no longer, and another one is the last. */
  protected deleted(target: Message | null, messageId: string): void {
    const line = this.line!;
    if (line.unread > 0 && target?.content && !target.mine && this.read > 0) {
      const isUnread = target.sequenceNumber! > this.read && !target.held ? 1 : 0;
      this.line = { ...line, unread: line.unread - isUnread, mentions: line.mentions - (mentions(target, this.engine.me) ? isUnread : 0) };
    } else if (line.unread > 0 && !target?.mine) {
      this.engine.catchUp.again();
    }
    const last = this.shown.lastMessage();
    if (line.lastMessage?.messageId === messageId && last) {
      this.line = { ...this.line!, lastMessage: last };
    }
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
    if (since.some(({ patch }) => patch?.kind === "release" || patch?.kind === "hide")) {
      // Whether it is counted in this line is not known.
      this.engine.catchUp.again();
    }
    if (!hasAll && this.line) {
      this.engine.catchUp.again();
      return;
    }
    const folded = this.folded(line, since);
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
    this.touched();
    return true;
  }

  /** A message of one's own was accepted, at a time of the server. */
  protected wrote(timestamp: number): void {
    const { clock, ahead } = this.engine;
    this.#wroteAt = Math.max(this.#wroteAt, Math.min(clock.now(), timestamp + ahead));
  }

  /** Slow mode refused a message of this user; the composer shows when the next one may be sent. */
  slow(until: number): void {
    this.#refused = { until, seconds: this.line?.view.settings?.slowModeSeconds };
    this.changedLine();
  }

  /** The interval of slow mode for this user; none where it is not known whether they are an admin. */
  #slowMs(): number {
    const view = this.line?.view;
    const me = view?.participants.find(({ userId }) => userId === this.engine.me);
    const mayBeAdmin = me ? me.role === "admin" : view !== undefined && view.memberCount > view.participants.length;
    return mayBeAdmin ? 0 : (view?.settings?.slowModeSeconds ?? 0) * 1_000;
  }

  /** When this user wrote last, also from another device or before a reload, as far as the latest items say. */
  #lastWrote(slowMs: number): number {
    const { clock, ahead } = this.engine;
    const now = clock.now();
    const items = this.shown.window?.items ?? [];
    for (let i = items.length - 1; i >= 0; i--) {
      const item = items[i]!;
      const at = item.timestamp + ahead;
      // What was written before the settings changed may not count.
      if (at <= now - slowMs || item.kind === "conversation.updated") {
        break;
      }
      if (item.kind === "message" && item.mine && item.sequenceNumber !== null && at <= now) {
        return Math.max(at, this.#wroteAt);
      }
    }
    return this.#wroteAt;
  }

  #mayWriteAt(): number | null {
    const { clock } = this.engine;
    const now = clock.now();
    const slowMs = this.#slowMs();
    const { until, seconds } = this.#refused;
    const holds = until > now && seconds === this.line?.view.settings?.slowModeSeconds;
    const at = holds ? until : slowMs > 0 ? this.#lastWrote(slowMs) + slowMs : 0;
    this.rest();
    if (at <= now) {
      return null;
    }
    this.#slowTimer = clock.setTimeout(() => this.changedLine(), at - now);
    return at;
  }

  /** Nothing wakes any longer. */
  rest(): void {
    this.engine.clock.clearTimeout(this.#slowTimer);
  }

  changedLine(): void {
    this.summary.change();
    this.engine.changedLine();
    this.touched();
  }

  protected summarize(): ConversationSummary | null {
    const { line, engine, left } = this;
    if (!line) {
      return null;
    }
    const { view } = line;
    const waiting = this.pending().findLast((message) => message.state === "SENDING");
    const other = view.type === "direct" ? view.participants.find((person) => person.userId !== engine.me) : null;
    return {
      ...view, ...line, accepted: line.personal.accepted,
      otherUserId: other?.userId ?? null,
      role: view.participants.find((person) => person.userId === engine.me)?.role ?? null,
      lastSequence: Math.max(this.sequence.upTo, line.at),
      lastMessage: waiting ?? line.lastMessage,
      lastEventAt: Math.max(line.lastEventAt, waiting?.timestamp ?? 0),
      unreadCount: line.unread, unreadMentions: line.mentions, left,
      mayWriteAt: this.#mayWriteAt(),
    };
  }
}
