import type { Calls } from "../core/calls.js";
import { engineOf, type MilenaClient } from "../core/client.js";
import type { BanLine, Bans, Decided, DecisionLine, Evidence, FlagLine, Me, ReportLine, ReportQueue } from "../core/protocol.js";
import { MilenaError } from "../core/errors.js";
import { itemOf, type RawEntry } from "../core/rules/entries.js";
import type { ReportReason, TimelineItem } from "../core/types.js";

export type { BanLine, Bans, Decided, DecisionLine, Evidence, FlagLine };

/** The levels from which on the server has bans, reports with decisions, and held messages. */
const [BAN_LEVEL, REPORT_LEVEL, HELD_LEVEL] = [17, 18, 19];

export type DecisionAction = "remove" | "dismiss" | "warn" | "ban" | "release" | "reject";

export interface Decision {
  readonly conversationId: string;
  readonly messageId: string;
  /** `release` and `reject` are for held messages alone */
  readonly action: DecisionAction;
  /** of `ban`: when it ends by itself, in milliseconds since 1970 */
  readonly until?: number;
  /** of `ban`: `tenant` if left out */
  readonly scope?: "tenant" | "conversation";
  /** of `ban`: why, for the author; at most 200 characters */
  readonly reason?: string;
  /** of `warn`: for the author */
  readonly text?: string;
  /** for moderators alone */
  readonly note?: string;
  /** the one that was decided on: if the message was edited since, the answer is the error CONFLICT */
  readonly revision?: number;
}

export type QueueState = "open" | "decided";

export interface Report extends ReportLine {
  readonly reason: ReportReason;
}

/** A message in the queue. */
export interface ReportedMessage {
  readonly conversationId: string;
  readonly messageId: string;
  readonly state: QueueState;
  /** whether it waits to be released; then its content is here for moderators */
  readonly held: boolean;
  /** as it is now; null once it is no longer shown */
  readonly message: TimelineItem | null;
  /** at most five items on each side, oldest first */
  readonly context: { readonly before: readonly TimelineItem[]; readonly after: readonly TimelineItem[] };
  /** at most 100, oldest first, as are `flags` */
  readonly reports: readonly Report[];
  /** what rules found */
  readonly flags: readonly FlagLine[];
  /** a copy of what was reported or flagged first, while the message is open */
  readonly evidence?: Evidence;
  /** the same of the latest other revision that was reported or flagged */
  readonly latestEvidence?: Evidence;
  /** the one that holds */
  readonly decision?: DecisionLine;
}

export interface QueuePage {
  readonly reports: readonly ReportedMessage[];
  /** left out on the last page */
  readonly nextCursor?: string;
}

/** Whether the server takes this user for a moderator, and has what moderators need. Rejects while there is no connection. */
export async function isModerator(client: MilenaClient): Promise<boolean> {
  const engine = engineOf(client);
  if (!engine.isOnline()) {
    throw new MilenaError("UNAVAILABLE", "there is no connection");
  }
  return engine.featureLevel >= REPORT_LEVEL && (await engine.calls.call<Me>("GET", "/api/v1/users/me")).role === "moderator";
}

/** The calls of a client whose server has them at its level. Without a connection that is not known, so they are tried. */
function callsOf(client: MilenaClient, level: number): Calls {
  const engine = engineOf(client);
  if (engine.isOnline() && engine.featureLevel < level) {
    throw new MilenaError("UNSUPPORTED", `this server is below feature level ${level}`);
  }
  return engine.calls;
}

/** A page of the queue: the message that was reported or flagged first in front. */
export async function queue(client: MilenaClient, { state = "open", cursor, limit = 50 }: { state?: QueueState; cursor?: string; limit?: number } = {}): Promise<QueuePage> {
  const { me } = engineOf(client);
  const calls = callsOf(client, REPORT_LEVEL);
  const from = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const page = await calls.call<ReportQueue>("GET", `/api/v1/moderation/reports?state=${state}&limit=${limit}${from}`);
  const reports = page.reports.map((line) => {
    const { conversationId, message, context } = line;
    // A reply that is shown in its thread alone is shown here, too.
    const items = (entries: readonly unknown[]) => (entries as RawEntry[]).flatMap((entry) => {
      const item = itemOf({ ...entry, showInConversation: true }, conversationId, me);
      return item?.kind === "message" ? { ...item, showInConversation: entry.showInConversation } : (item ?? []);
    });
    return {
      ...line, held: "held" in line && line.held === true,
      message: (message && items([message])[0]) ?? null,
      context: { before: items(context.before), after: items(context.after) },
    } as ReportedMessage;
  });
  return { reports, nextCursor: page.nextCursor };
}

/** Decides on a message, reported or not. The same decision again is answered `duplicate`. */
export async function decide(client: MilenaClient, decision: Decision): Promise<Decided> {
  const isOfHeld = decision.action === "release" || decision.action === "reject";
  return callsOf(client, isOfHeld ? HELD_LEVEL : REPORT_LEVEL).call("POST", "/api/v1/moderation/decisions", { body: decision, again: true });
}

/** A page of the bans that hold, in the order of user ids. */
export async function bans(client: MilenaClient, cursor?: string): Promise<Bans> {
  return callsOf(client, BAN_LEVEL).call("GET", `/api/v1/moderation/bans${cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`}`);
}

/** Bans somebody from all conversations or from one, in the place of a ban of the same scope. */
export async function ban(client: MilenaClient, userId: string, how: { reason: string; conversationId?: string; until?: number }): Promise<BanLine> {
  return callsOf(client, BAN_LEVEL).call("PUT", pathOf(userId), { body: how, again: true });
}

/** Ends a ban: that from all conversations, or that from one. */
export async function unban(client: MilenaClient, userId: string, conversationId?: string): Promise<void> {
  const scope = conversationId === undefined ? "" : `?conversationId=${encodeURIComponent(conversationId)}`;
  await callsOf(client, BAN_LEVEL).call("DELETE", pathOf(userId) + scope, { again: true });
}

function pathOf(userId: string): string {
  return `/api/v1/moderation/bans/${encodeURIComponent(userId)}`;
}
