import type { Engine } from "./engine.js";
import type { Frame } from "./link/link.js";
import type { Ack, Room } from "./room.js";
import type { Patch } from "./rules/patch.js";
import type { Run } from "./rules/pages.js";
import type { Step } from "./rules/sequence.js";
import type { Window } from "./rules/window.js";
import type { Warned } from "./standing.js";
import type { OutboxEntry, TimelineItem, Warning } from "./types.js";

/** Writes down what is worth keeping. None of its calls fails: where writing does, memory alone is left. */
export interface Keeping {
  readonly isDurable: boolean;
  /** Opens what is kept of one user and puts it into the engine. */
  open(scope: string, keepsDeviceId: boolean): Promise<void>;
  /** Another tab wrote until now: what it kept is begun afresh. */
  takeOver(): void;
  applied(room: Room, from: number, to: number, steps: readonly Step[]): void;
  page(room: Room, run: Run): void;
  altered(room: Room, item: TimelineItem): void;
  touched(room: Room): void;
  restart(room: Room): void;
  forget(room: Room): void;
  /** What is kept of a conversation's messages; null if nothing. */
  kept(room: Room): Promise<Window | null>;
  /** Keeps the warnings of the user. */
  warned(warned: Warned): void;
  outbox(change: { outbox?: OutboxEntry[]; sent?: string[] }): void;
  flush(): Promise<void>;
  /** Deletes everything of the user. */
  wipe(): Promise<void>;
}

/** What the tabs of one user say to each other of what one of them did. */
export type TabNews =
  | { readonly news: "queued" | "failed"; readonly entry: OutboxEntry }
  | ({ readonly news: "acked"; readonly entry: OutboxEntry } & Ack)
  | { readonly news: "gone"; readonly messageId: string }
  | { readonly news: "changed"; readonly conversationId: string; readonly patch: Patch; readonly sequenceNumber: number }
  | { readonly news: "read"; readonly conversationId: string; readonly upTo: number }
  | { readonly news: "banned"; readonly conversationId: string; readonly until?: number }
  | { readonly news: "dismissed"; readonly warning: Warning }
  | { readonly news: "slow"; readonly conversationId: string; readonly until: number }
  | { readonly news: "signed-out" };

/** Lets the tabs of one user share the connection of the one that leads. */
export interface Sharing {
  readonly leads: boolean;
  /** Done once this tab leads. */
  join(scope: string): Promise<void>;
  leave(): void;
  /** Sends a frame of this tab: by itself, or by the one that leads. */
  send(frame: Frame): void;
  /** As the one that leads: passes on what came. False if it was the answer for another tab. */
  came(frame: Frame): boolean;
  /** As the one that leads: there is a new connection. */
  up(): void;
  /** As the one that leads: the state of the connection changed. */
  changed(): void;
  /** Says something to all other tabs. */
  tell(news: TabNews): void;
  show(visible: boolean): void;
}

/** What outlives a reload; made by `indexedDbStorage()` or `storageIn()` of `@milena/sdk/outbox`. */
export interface ClientStorage {
  /** for the client alone */
  readonly attach: (engine: Engine) => Keeping;
}

/** One connection for all tabs; made by `browserTabs()` of `@milena/sdk/outbox`. */
export interface TabSharing {
  /** for the client alone */
  readonly attach: (engine: Engine) => Sharing;
}
