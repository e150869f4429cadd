import type { ConversationSummary } from "@milena/sdk";
import { texts } from "./texts.js";

/** Who is signed in. */
export interface Me {
  readonly userId: string;
  readonly name: string;
}

const guest = /^u_([0-9a-f]{4})[0-9a-f]{12}$/;
const id = /^[A-Za-z0-9_.-]{1,64}$/;

/** What a person is called. */
export function personName(userId: string, me: Me): string {
  if (userId === me.userId) {
    return me.name;
  }
  const made = guest.exec(userId);
  return made?.[1] ? texts.guest(made[1]) : userId;
}

/** What a conversation is called. */
export function conversationName(conversation: ConversationSummary, me: Me): string {
  return conversation.otherUserId === null
    ? (conversation.name ?? texts.group)
    : personName(conversation.otherUserId, me);
}

/** Several people in one phrase. */
export function peopleNames(userIds: readonly string[], me: Me): string {
  const names = userIds.map((userId) => personName(userId, me));
  const last = names.pop() ?? "";
  return names.length === 0 ? last : texts.time.and(names.join(", "), last);
}

/** One or two letters for a person's or a group's picture. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/** A hue that is always the same for the same id. */
export function hue(of: string): number {
  let hash = 7;
  for (let i = 0; i < of.length; i++) {
    hash = (hash * 31 + of.charCodeAt(i)) % 3600;
  }
  return hash % 360;
}

/** People as they are typed: ids, separated by commas; or the first that is none. */
export function parsePeople(text: string): { userIds: string[]; wrong: string | null } {
  const userIds = [...new Set(text.split(/[,;\n]/).map((part) => part.trim()).filter((part) => part !== ""))];
  return { userIds, wrong: userIds.find((userId) => !id.test(userId)) ?? null };
}
