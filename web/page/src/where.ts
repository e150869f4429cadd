import type { Session } from "./session.js";
import { texts } from "./texts.js";

/** What a conversation is called in lists for moderators, who may not be in it. */
export function whereOf(session: Session, conversationId: string): string {
  const summary = session.client.conversations.getSnapshot().items.find((each) => each.conversationId === conversationId);
  return summary ? session.names.ofConversation(summary) : conversationId.startsWith("dir_") ? texts.reports.direct : texts.reports.group;
}
