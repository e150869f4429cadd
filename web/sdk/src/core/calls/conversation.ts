import type { ConversationRoom } from "../conversation.js";
import { MilenaError } from "../errors.js";
import type { ConversationView, Kept, Members, MessageReactions, MessageReceipts, Muted, Pins, Reported } from "../protocol.js";
import { stepsOf, type RawEntry } from "../rules/entries.js";
import { PERSONAL_LEVEL } from "../rules/line.js";
import type { GroupChange, MemberLine, Message, MessageReceiptLine, PersonalChange, ReactionLine, ReportReason } from "../types.js";

const PAGE = 200;
const PAGES_MAX = 500;
/** From this level on messages can be reported. */
const REPORT_LEVEL = 18;
/** The year 9999: what is muted for good is muted until then. */
const FOR_GOOD = 253_370_764_800_000;

function at(room: ConversationRoom, path = ""): string {
  return `/api/v1/conversations/${encodeURIComponent(room.id)}${path}`;
}

export function members(room: ConversationRoom): Promise<MemberLine[]> {
  return pages(room, `/members?limit=${PAGE}`, (page: Members) => page.members);
}

export async function pins(room: ConversationRoom): Promise<Message[]> {
  const all = await pages(room, "/pins", (page: Pins) => page.pins as RawEntry[]);
  return messagesOf(room, all);
}

export async function fetchMessage(room: ConversationRoom, messageId: string, sequenceNumber?: number): Promise<Message> {
  return messagesOf(room, [await room.engine.calls.call<RawEntry>("GET", at(room, ofMessage(room, messageId, "", sequenceNumber)))])[0]!;
}

export function fetchReactions(room: ConversationRoom, messageId: string, sequenceNumber?: number): Promise<ReactionLine[]> {
  return pages(room, ofMessage(room, messageId, "/reactions", sequenceNumber), (page: MessageReactions) => page.reactions);
}

export function fetchReceipts(room: ConversationRoom, messageId: string, sequenceNumber?: number): Promise<MessageReceiptLine[]> {
  return pages(room, ofMessage(room, messageId, "/receipts", sequenceNumber), (page: MessageReceipts) => page.receipts);
}

export async function report(room: ConversationRoom, messageId: string, reason: ReportReason, text?: string): Promise<Reported> {
  if (room.engine.isOnline() && room.engine.featureLevel < REPORT_LEVEL) {
    throw new MilenaError("UNSUPPORTED", "this server takes no reports");
  }
  return room.engine.calls.call("POST", at(room, `/messages/${encodeURIComponent(messageId)}/report`), { body: { reason, text }, again: true });
}

/** An old message is found by its number alone, which is known of those that are shown. */
function ofMessage(room: ConversationRoom, messageId: string, what: string, sequenceNumber = room.message(messageId)?.sequenceNumber): string {
  return `/messages/${encodeURIComponent(messageId)}${what}${sequenceNumber ? `?sequenceNumber=${sequenceNumber}` : ""}`;
}

function messagesOf(room: ConversationRoom, entries: readonly RawEntry[]): Message[] {
  return stepsOf(entries, room.id, room.engine.me).flatMap(({ item, reply }) => reply ?? (item?.kind === "message" ? item : []));
}

/** What all pages of a call hold. */
async function pages<Page extends { nextCursor?: string }, Line>(
  room: ConversationRoom, path: string, lines: (page: Page) => readonly Line[],
): Promise<Line[]> {
  const all: Line[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await room.engine.calls.call<Page>("GET", at(room, path + cursor));
    all.push(...lines(answer));
    if (answer.nextCursor === undefined) {
      break;
    }
    cursor = `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(answer.nextCursor)}`;
  }
  return all;
}

export function addMembers(room: ConversationRoom, userIds: readonly string[]): Promise<void> {
  return change(room, "POST", "/members", { userIds });
}

export async function removeMember(room: ConversationRoom, userId: string): Promise<void> {
  await room.engine.calls.call("DELETE", at(room, `/members/${encodeURIComponent(userId)}`), { again: true });
}

export function setRole(room: ConversationRoom, userId: string, role: "admin" | "member"): Promise<void> {
  return change(room, "PATCH", `/members/${encodeURIComponent(userId)}`, { role });
}

export async function leave(room: ConversationRoom): Promise<void> {
  if (room.engine.me === null) {
    throw new MilenaError("SIGNED_OUT", "nobody is signed in");
  }
  await removeMember(room, room.engine.me);
}

export function update(room: ConversationRoom, changed: GroupChange): Promise<void> {
  return change(room, "PATCH", "", changed);
}

async function change(room: ConversationRoom, method: string, path: string, body: unknown): Promise<void> {
  const view = await room.engine.calls.call<ConversationView>(method, at(room, path), { body, again: true });
  room.view(view, view.lastSequence);
}

export function mute(room: ConversationRoom, until: number = FOR_GOOD): Promise<void> {
  return setMute(room, { until });
}

export function unmute(room: ConversationRoom): Promise<void> {
  return setMute(room, {});
}

async function setMute(room: ConversationRoom, body: { until?: number }): Promise<void> {
  const { muted, mutedUntil } = await room.engine.calls.call<Muted>("PUT", at(room, "/mute"), { body, again: true });
  room.line = room.line && { ...room.line, muted, mutedUntil };
  room.changedLine();
}

export function accept(room: ConversationRoom): Promise<void> {
  return keep(room, { accepted: true });
}

export async function keep(room: ConversationRoom, change: PersonalChange): Promise<void> {
  if (change.unreadFrom) {
    await room.engine.receipts.settle(room.id);
  }
  const { conversationId: _, ...kept } = await room.engine.calls.call<Kept>("PATCH", at(room, "/personal"), { body: change, again: true });
  // A server of an earlier level answers with one field of it.
  room.keeps(room.engine.featureLevel < PERSONAL_LEVEL && room.line ? { ...room.line.personal, ...kept } : kept);
}
