import type { Warned } from "../core/standing.js";
import type { OutboxEntry } from "../core/types.js";

/** What is kept of a conversation. */
export interface StoredConversation {
  readonly conversationId: string;
  readonly line: unknown;
  /** the number up to which everything was applied */
  readonly upTo: number;
  /** the run of entries that is kept; null if none */
  readonly kept: { readonly from: number; readonly to: number } | null;
  /** how far this user has read, as far as this device knows */
  readonly read: number;
  /** whether that is still to be sent */
  readonly readWaits: boolean;
}


/** An item of a timeline as it is kept. */
export interface StoredEntry {
  readonly conversationId: string;
  readonly sequenceNumber: number;
  readonly entry: unknown;
}

/** Changes that are written together or not at all. */
export interface StorageChange {
  conversations?: StoredConversation[];
  entries?: StoredEntry[];
  /** conversations that are forgotten with their entries */
  forgotten?: string[];
  /** runs of entries that are let go */
  dropped?: { conversationId: string; from: number; to: number }[];
  outbox?: OutboxEntry[];
  /** ids of messages that left the outbox */
  sent?: string[];
  /** all warnings that the user has not dismissed, and which ones were */
  warned?: Warned;
}

export interface Storage {
  /** Opens what is kept for one user of one server. A rejection: the client works in memory. */
  open(scope: string): Promise<OpenStorage>;
}

export interface OpenStorage {
  load(): Promise<{ conversations: StoredConversation[]; outbox: OutboxEntry[]; warned?: Warned }>;
  /** what is kept of a conversation's timeline, oldest first, as of one moment; null if nothing */
  kept(conversationId: string): Promise<{ from: number; to: number; entries: StoredEntry[] } | null>;
  /** Keeps the id of the device, unless one is kept already; gives the one that is kept. */
  keepDeviceId(made: string): Promise<string>;
  write(change: StorageChange): Promise<void>;
  /** Deletes everything of this user. */
  wipe(): Promise<void>;
  close(): void;
}

/** Joins the tabs of one user. */
export interface Tabs {
  join(scope: string, tab: Tab): TabSession;
}

/** What a tab is told. */
export interface Tab {
  /** this tab holds the connection from now on */
  lead(): void;
  /** something another tab said by `tell`; `from` names that tab */
  told(message: unknown, from: string): void;
}

export interface TabSession {
  readonly tabId: string;
  /** says something to all other tabs */
  tell(message: unknown): void;
  /** gives up the lead and leaves */
  leave(): void;
}
