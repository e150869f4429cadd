import { MilenaError } from "./errors.js";
import type { ConversationView, Members, Muted } from "./protocol.js";
import { Room } from "./room.js";
import type { Patch } from "./rules/patch.js";
import { key, look, NOT_TYPING, stop, type TypingStep } from "./rules/typing.js";
import type { Conversation, MemberLine, Message, MessageContent, SendOptions, SettingsChange } from "./types.js";

/** The level from which messages can be changed. */
const CHANGES_LEVEL = 2;
const MEMBERS_PAGE = 200;
const MEMBER_PAGES_MAX = 500;

/** One conversation: what is known of it, and what an application does in it. */
export class ConversationRoom extends Room implements Conversation {
  private readonly path = `/api/v1/conversations/${encodeURIComponent(this.id)}`;
  private typed = NOT_TYPING;
  private timer: unknown = null;

  send(content: MessageContent | string, options: SendOptions = {}): Message {
    const message = this.engine.sender.send(this, content, options);
    // A message ends its sender's typing by itself.
    this.typed = NOT_TYPING;
    this.engine.clock.clearTimeout(this.timer);
    if (this.shown.window?.hasNewer) {
      void this.shown.loadLatest();
    }
    return message;
  }

  retry(messageId: string): void {
    this.engine.sender.retry(messageId);
  }

  discard(messageId: string): boolean {
    return this.engine.sender.discard(messageId);
  }

  edit(messageId: string, content: MessageContent | string): Promise<void> {
    const whole = typeof content === "string" ? { type: "text", text: content } : content;
    const revision = (this.message(messageId)?.revision ?? 0) + 1;
    return this.change(
      { kind: "edit", messageId, content: whole, revision, editedAt: this.engine.clock.now() },
      "message.edit", { content: whole },
    );
  }

  delete(messageId: string, reason?: string): Promise<void> {
    const patch: Patch = { kind: "delete", messageId, deletedAt: this.engine.clock.now(), deletedBy: this.engine.me ?? "" };
    return this.change(patch, "message.delete", { reason });
  }

  react(messageId: string, emoji: string, remove = false): Promise<void> {
    const patch: Patch = { kind: "react", messageId, userId: this.engine.me ?? "", emoji, removed: remove };
    return this.change(patch, "message.react", remove ? { emoji, remove } : { emoji });
  }

  pin(messageId: string, remove = false): Promise<void> {
    return this.change({ kind: "pin", messageId, removed: remove }, "message.pin", remove ? { remove } : {});
  }

  /** Shows a change, asks for it, and takes it back if it is refused. */
  private async change(patch: Patch, type: string, fields: object): Promise<void> {
    if (this.engine.isOnline() && this.engine.featureLevel < CHANGES_LEVEL) {
      throw new MilenaError("UNSUPPORTED", "this server does not change messages");
    }
    const { messageId } = patch;
    this.shown.overlay(patch, true);
    try {
      const { payload } = await this.engine.ask({ type, payload: { conversationId: this.id, messageId, ...fields } });
      const { sequenceNumber, timestamp, revision } = payload;
      const done: Patch = patch.kind === "edit" ? { ...patch, editedAt: timestamp, revision: revision ?? patch.revision }
        : patch.kind === "delete" ? { ...patch, deletedAt: timestamp } : patch;
      this.ackedPatch(done, sequenceNumber);
      this.engine.tell({ news: "changed", patch: done, conversationId: this.id, sequenceNumber });
    } finally {
      this.shown.overlay(patch, false);
    }
  }

  loadOlder(): Promise<void> {
    return this.shown.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.shown.loadNewer();
  }

  loadLatest(): Promise<void> {
    return this.shown.loadLatest();
  }

  loadAround(sequenceNumber: number): Promise<void> {
    return this.shown.loadAround(sequenceNumber);
  }

  markRead(upToSequence: number = this.sequence.upTo): void {
    const upTo = Math.min(upToSequence, this.sequence.upTo);
    if (this.hasRead(upTo)) {
      this.engine.receipts.read(this.id, upTo);
      this.engine.tell({ news: "read", conversationId: this.id, upTo });
    }
  }

  typing(): void {
    this.typingStep(key(this.typed, this.engine.clock.now()));
  }

  stopTyping(): void {
    this.typingStep(stop(this.typed));
  }

  private typingStep(step: TypingStep): void {
    const { clock } = this.engine;
    this.typed = step.state;
    if (step.say) {
      this.engine.say({ type: step.say, payload: { conversationId: this.id } });
    }
    clock.clearTimeout(this.timer);
    this.timer = step.wakeAt === null
      ? null
      : clock.setTimeout(() => this.typingStep(look(this.typed, clock.now())), Math.max(0, step.wakeAt - clock.now()));
  }

  async members(): Promise<MemberLine[]> {
    const all: MemberLine[] = [];
    let cursor = "";
    for (let page = 0; page < MEMBER_PAGES_MAX; page++) {
      const answer = await this.engine.calls.call<Members>("GET", `${this.path}/members?limit=${MEMBERS_PAGE}${cursor}`);
      all.push(...answer.members);
      if (answer.nextCursor === undefined) {
        break;
      }
      cursor = `&cursor=${encodeURIComponent(answer.nextCursor)}`;
    }
    return all;
  }

  addMembers(userIds: readonly string[]): Promise<void> {
    return this.group("POST", "/members", { userIds });
  }

  async removeMember(userId: string): Promise<void> {
    await this.engine.calls.call("DELETE", `${this.path}/members/${encodeURIComponent(userId)}`, { again: true });
  }

  setRole(userId: string, role: "admin" | "member"): Promise<void> {
    return this.group("PATCH", `/members/${encodeURIComponent(userId)}`, { role });
  }

  leave(): Promise<void> {
    return this.engine.me === null
      ? Promise.reject(new MilenaError("SIGNED_OUT", "nobody is signed in"))
      : this.removeMember(this.engine.me);
  }

  update(change: { name?: string; settings?: SettingsChange }): Promise<void> {
    return this.group("PATCH", "", change);
  }

  private async group(method: string, path: string, body: unknown): Promise<void> {
    const view = await this.engine.calls.call<ConversationView>(method, this.path + path, { body, again: true });
    this.view(view, view.lastSequence);
  }

  mute(until?: number): Promise<void> {
    return this.setMute(until === undefined ? { until: FOR_GOOD } : { until });
  }

  unmute(): Promise<void> {
    return this.setMute({});
  }

  private async setMute(body: { until?: number }): Promise<void> {
    const { muted, mutedUntil } = await this.engine.calls.call<Muted>("PUT", `${this.path}/mute`, { body, again: true });
    this.line = this.line && { ...this.line, muted, mutedUntil };
    this.changedLine();
  }

  async accept(): Promise<void> {
    await this.engine.calls.call("PATCH", `${this.path}/personal`, { body: { accepted: true }, again: true });
    this.line = this.line && { ...this.line, accepted: true };
    this.changedLine();
  }
}

/** The year 9999: what is muted for good is muted until then. */
const FOR_GOOD = 253_370_764_800_000;
