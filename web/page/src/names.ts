import type { Client, ConversationSummary, Store } from "@milena/sdk";
import { texts } from "./texts.js";

/** Who is signed in. */
export interface Me {
  readonly userId: string;
  readonly name: string;
}

const guest = /^u_([0-9a-f]{4})[0-9a-f]{12}$/;
const id = /^[A-Za-z0-9_.-]{1,64}$/;

/** Beyond these, people are called by their ids. */
const NAMES_MAX = 1_500;

/** What people are called: by their profiles or, where these are not to be seen, by their ids. A store of how often that changed. */
export class Names implements Store<number> {
  private readonly asked = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private changes = 0;

  constructor(private readonly client: Client, readonly me: Me) {}

  readonly getSnapshot = (): number => this.changes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** @param usual what they are called where no profile says so */
  of(userId: string, usual?: string): string {
    const profile = this.client.profile(userId);
    if (!this.asked.has(userId) && this.asked.size < NAMES_MAX) {
      this.asked.add(userId);
      profile.subscribe(() => {
        this.changes++;
        this.listeners.forEach((listener) => listener());
      });
    }
    return profile.getSnapshot()?.name ?? usual ?? (userId === this.me.userId ? this.me.name : plainName(userId));
  }

  /** The same without asking for it: of people in long lists, who are mostly strangers. */
  brief(userId: string): string {
    return this.client.profile(userId).getSnapshot()?.name ?? (userId === this.me.userId ? this.me.name : plainName(userId));
  }

  /** Several people in one phrase. */
  ofAll(userIds: readonly string[]): string {
    const names = userIds.map((userId) => this.of(userId));
    const last = names.pop() ?? "";
    return names.length === 0 ? last : texts.time.and(names.join(", "), last);
  }

  /** What a conversation is called. */
  ofConversation({ otherUserId, name }: ConversationSummary): string {
    return otherUserId === null ? (name ?? texts.group) : this.of(otherUserId, name);
  }
}

function plainName(userId: string): string {
  const made = guest.exec(userId);
  return made?.[1] ? texts.guest(made[1]) : userId;
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
