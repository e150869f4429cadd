import type { ConversationView } from "./protocol.js";
import type { Frame } from "./link/link.js";
import { MilenaError } from "./errors.js";
import type { Engine } from "./engine.js";
import { patchOf, pendingMessage, replyStep, stepOf, type RawEntry } from "./rules/entries.js";
import { afterItem, afterPatch, afterRelease, lineAsKept, lineOfView, type Line } from "./rules/line.js";
import type { Patch } from "./rules/patch.js";
import { Sequence, type Step } from "./rules/sequence.js";
import { withPatches } from "./rules/window.js";
import { Others } from "./others.js";
import { InboxLine } from "./inboxline.js";
import { Shown } from "./shown.js";
import { Cell } from "./store.js";
import type { Message, OutboxEntry, ReceiptLine, Timeline, TimelineItem } from "./types.js";

const RECENT_MAX = 256;
/** Messages that wait for a moderator; beyond it the oldest are no longer known as such. */
const HELD_MAX = 256;

function bounded(all: Map<string, unknown> | Set<number>, max: number): void {
  for (const key of all.keys()) {
    if (all.size <= max) {
      break;
    }
    all.delete(key as never);
  }
}

export interface Ack {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly threadOrdinal?: number;
  readonly held?: boolean;
  readonly duplicate?: boolean;
}

/** The part of a thread that is in memory. */
export interface OpenThread {
  came(reply: Message): void;
  patch(patch: Patch): void;
  message(messageId: string): Message | null;
  /** whether this user follows it */
  follows(followed: boolean): void;
  /** something that waits for its place in it, or is shown of it before it is so, may have changed */
  changed(): void;
}

/** What is known of one conversation, and how what comes changes it. */
export abstract class Room extends InboxLine {
  sequence = new Sequence(0);
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
  /** replies that wait for a moderator, and have no place in their threads yet */
  readonly heldReplies = new Map<string, Message>();
  /** the places of messages that wait and were never shown */
  readonly #unseen = new Set<number>();

  constructor(id: string, engine: Engine) {
    super(id, engine);
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
      case "message.ack":
        // One that came twice, or too late: what stands at its number is fetched.
        this.sequence.note(n);
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
      case "thread.updated":
        this.threads.get(payload.threadOf)?.follows(payload.followed === true);
        break;
      case "typing.update":
        this.others.type(payload.userId, payload.isTyping === true);
        break;
      case "message.delivered":
        this.others.receipt(payload.deliveredTo, payload.deliveredUpToSequence, 0, payload.timestamp);
        break;
      case "message.read_receipt":
        if (payload.readBy === this.engine.me && this.endUnreadFrom()) {
          // It may be of before the mark.
          this.engine.catchUp.again();
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
    this.drop();
    this.started = true;
    this.sequence = new Sequence(n - 1);
    this.line = lineOfView(view, this.engine.me, n - 1);
    this.#noted(n);
    if (n > 1) {
      this.engine.catchUp.again();
    }
    this.changedLine();
  }

  /** Something changed whose entry a frame does not carry. It is fetched if somebody would see it. */
  #noted(n: number): void {
    if (this.shown.window || this.engine.hasItemListeners()) {
      this.sequence.note(n);
    } else {
      this.apply(this.sequence.offer({ n, item: null }));
    }
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
    this.#early.forEach(({ sequenceNumber }, messageId) => {
      if (sequenceNumber! <= this.sequence.upTo) {
        this.#early.delete(messageId);
      }
    });
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
    for (const { reply, isRelease, changes } of came) {
      if (isRelease && this.shown.isMine(changes)) {
        this.#releasedOwn(changes!);
      }
      if (reply) {
        this.threads.get(reply.threadOf!)?.came(reply);
        this.engine.threads.stale();
      }
    }
    const settings = this.line?.view.settings as { premoderation?: boolean } | undefined;
    if (came.some(({ isRelease, isEdit }) => isRelease || (isEdit && settings?.premoderation))) {
      // A message may be hidden since, or may have been until then.
      this.engine.catchUp.again();
    }
    this.shown.applied(steps);
    this.engine.keeper?.applied(this, steps[0]!.n, steps.at(-1)!.n, steps);
    if (!this.shown.window && came.some(({ patch, changes }) => patch ?? changes)) {
      // What is kept of it would be shown as it was.
      this.engine.keeper?.restart(this);
    }
    this.changedLine();
    const newest = steps.findLast((step) => step.item?.kind === "message" && !step.item.mine);
    if (newest) {
      this.engine.receipts.delivered(this.id, newest.n);
    }
    for (const { n, item, reply, patch } of steps) {
      const shown = patch?.kind === "release" ? this.#released(patch) : (item ?? reply);
      if (shown?.kind === "hidden") {
        bounded(this.#unseen.add(n), HELD_MAX);
      } else if (shown) {
        this.engine.emit(shown);
      }
    }
  }

  #applyOne({ n, item, patch, reply }: Step): void {
    if (patch) {
      this.#patch(n, patch);
    }
    if (reply?.held) {
      bounded(this.heldReplies.set(reply.messageId, reply), HELD_MAX);
    }
    if (reply?.mine) {
      this.engine.sender.arrived(reply.messageId);
    }
    if (item?.kind === "message") {
      if (item.mine) {
        // Of a deleted one it is not known here whether others were ever shown it.
        if (!item.held && item.content) {
          this.read = Math.max(this.read, n);
        }
        this.engine.sender.arrived(item.messageId);
      } else {
        this.others.type(item.senderId, false);
        // Who writes has read what was before.
        this.reach(n, "READ");
      }
    }
    this.line = this.line && afterItem(this.line, n, item, this.read, this.engine.me);
  }

  /** A message that waited for a moderator is shown to everybody; null if it was shown here before. */
  #released({ entry, place }: Patch & { kind: "release" }): TimelineItem | null {
    const { item, reply, patch } = stepOf(entry, this.id, this.engine.me);
    if (reply && patch) {
      this.shown.patch(patch);
      this.heldReplies.delete(reply.messageId);
      this.threads.get(reply.threadOf!)?.came(reply);
    }
    return this.#unseen.delete(place) ? (item ?? reply ?? null) : null;
  }

  /** Others see only now how far its author has read. What that one marked as unread stays so. */
  #releasedOwn(place: number): void {
    if (this.line?.personal.unreadFrom === undefined) {
      this.hasRead(place);
    }
  }

  #patch(n: number, patch: Patch): void {
    this.threads.forEach((thread) => thread.patch(patch));
    const target = this.shown.patch(patch);
    if (patch.kind === "release" && patch.entry.senderId === this.engine.me) {
      this.#releasedOwn(patch.place);
    }
    const { line } = this;
    if (!line || n <= line.at) {
      return;
    }
    this.line = afterPatch(line, patch, this.engine.me);
    if (patch.kind === "delete") {
      this.heldReplies.delete(patch.messageId);
      this.deleted(target, patch.messageId);
    } else if (patch.kind === "hide" || (patch.kind === "edit" && patch.held)) {
      // It counts no longer, and another one is the last.
      this.deleted(target, patch.messageId);
    } else if (patch.kind === "release") {
      const released = this.shown.message(patch.messageId);
      // One that was shown already may have been counted, or not; the first release ends that a conversation is hidden.
      if (released && (!target || target.held) && !line.personal.hidden) {
        this.line = afterRelease(this.line, released, this.read, this.engine.me);
      } else {
        this.engine.catchUp.again();
      }
    } else if (patch.kind === "edit" && line.unread > 0 && !target?.mine && (patch.content.mentions || line.mentions > 0)) {
      // Whom an unread message mentions may have changed.
      this.engine.catchUp.again();
    }
  }

  /** One's own message has its number. */
  acked(entry: OutboxEntry, { sequenceNumber: n, timestamp, threadOrdinal, held, duplicate }: Ack): void {
    const message: Message = { ...pendingMessage(entry, this.engine.me, null), threadOrdinal, held, sequenceNumber: n, timestamp, state: "SENT" };
    // Sent again after the interval, it is answered with its first time.
    this.wrote(timestamp);
    this.start(n - 1);
    if (n > this.sequence.upTo) {
      this.#early.set(message.messageId, message);
      // One that was sent before may have been changed or rejected since: what stands at its number is fetched.
      this.sequence.note(n);
      if (!duplicate) {
        this.apply(this.sequence.offer(message.threadOf === undefined ? { n, item: message } : replyStep(message, message.showInConversation === true)));
      }
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
    this.drop();
  }

  /** A new connection that resumes nothing: what came before it is no longer set against answers. */
  forgetRecent(): void {
    this.recent = [];
  }

  protected touched(): void {
    this.engine.keeper?.touched(this);
  }

  protected drop(): void {
    this.#early.clear();
    this.shown.restart();
  }

  // ---- what is shown

  pendingChanged(): void {
    this.messages.change();
    this.threads.forEach((thread) => thread.changed());
    this.summary.change();
    this.engine.changedLine();
  }

  protected pending(): Message[] {
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
    return [...[...this.#early.values()].sort((a, b) => a.sequenceNumber! - b.sequenceNumber!), ...this.pending()];
  }

  message(messageId: string): Message | null {
    let found = this.#early.get(messageId) ?? this.shown.message(messageId);
    this.threads.forEach((thread) => (found ??= thread.message(messageId)));
    return found;
  }

}
