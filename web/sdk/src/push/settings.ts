import { engineOf, type MilenaClient } from "../core/client.js";
import type { ConversationNotifications as ConversationLevel, QuietHours, UserNotifications } from "../core/protocol.js";
import type { Store } from "../core/types.js";
import { fetched } from "./devices.js";

export type { QuietHours };

export type NotificationLevel = "all" | "mentions" | "none";
/** How much of a message a push shows: all, the sender alone, or that there is one. */
export type Preview = "full" | "sender" | "none";

export interface NotificationSettings extends UserNotifications {
  readonly level: NotificationLevel;
  readonly preview: Preview;
}

export interface ConversationNotifications extends ConversationLevel {
  /** null: as the settings of the user say */
  readonly level: NotificationLevel | null;
  readonly effectiveLevel: NotificationLevel;
}

const OF_USER = "/api/v1/users/me/notifications";
const UPDATED = "notifications.updated";

/** Of what this user wants to be notified; kept up to date while there is a subscriber, null until then. */
export function notificationSettings(client: MilenaClient): Store<NotificationSettings | null> {
  return fetched(client, UPDATED, () => engineOf(client).calls.call<NotificationSettings>("GET", OF_USER));
}

/** Sets all of it: what is left out takes its default. */
export async function setNotificationSettings(client: MilenaClient, settings: Partial<NotificationSettings>): Promise<void> {
  const engine = engineOf(client);
  await engine.calls.call("PUT", OF_USER, { body: settings, again: true });
  engine.refreshed.get(UPDATED)?.stale();
}

function pathOf(conversationId: string): string {
  return `/api/v1/conversations/${encodeURIComponent(conversationId)}/notifications`;
}

/** Of what of a conversation this user is notified. */
export function conversationNotifications(client: MilenaClient, conversationId: string): Promise<ConversationNotifications> {
  return engineOf(client).calls.call("GET", pathOf(conversationId));
}

/** @param level null: as the user's settings say */
export function setConversationLevel(client: MilenaClient, conversationId: string, level: NotificationLevel | null): Promise<ConversationNotifications> {
  return engineOf(client).calls.call("PUT", pathOf(conversationId), { body: { level }, again: true });
}
