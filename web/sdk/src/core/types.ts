import type { ErrorCode, MilenaError } from "./errors.js";
import type { ClientStorage, TabSharing } from "./parts.js";
import type {
  GroupSettings, MemberLine, MessageContent, MessageReceiptLine, Person, Personal, Presence, ProfileChange, ReactionLine, ReceiptLine, Reported, SettingsChange,
  UserView as Profile,
} from "./protocol.js";

export type { ClientStorage, TabSharing };
export type { GroupSettings, MemberLine, MessageContent, MessageReceiptLine, Person, Personal, Presence, Profile, ProfileChange, ReactionLine, ReceiptLine, Reported, SettingsChange };

/**
 * A value that changes. A snapshot is immutable, and the same object until something changed, so that it fits React's
 * `useSyncExternalStore` and plain comparison with `===`. Listeners are called after the change, at most once a task.
 */
export interface Store<T> {
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): T;
}

// ---- the connection

export type TransportName = "websocket" | "events" | "poll";

/** Why a client stopped for good; `connect()` starts it again. */
export type StopReason =
  /** the token callback returned null, or the server said that this device is signed out */
  | "signed-out"
  /** the host ended this user's tokens */
  | "revoked"
  /** this website is not allowed to use the server */
  | "origin"
  /** two fresh tokens in a row were refused */
  | "token";

export interface ConnectionState {
  /**
   * `idle`: before `connect()` and after `close()`. `connecting`: an attempt is under way. `online`: frames flow.
   * `waiting`: the next attempt is at `retryAt`. `stopped`: see `stopReason`.
   */
  readonly status: "idle" | "connecting" | "online" | "waiting" | "stopped";
  /** true once all that was missed has been fetched; false again with the next break */
  readonly upToDate: boolean;
  /** when the next attempt is made, in milliseconds since 1970 */
  readonly retryAt: number | null;
  /** how the last connection ended, until there is another one: a close code of the protocol, 1006 where none came */
  readonly closeCode: number | null;
  readonly stopReason: StopReason | null;
  readonly transport: TransportName | null;
  /** what the server serves; 0 until it said so, 1 for a server that does not say */
  readonly featureLevel: number;
  /** messages in the outbox that were not acked, those that failed aside */
  readonly waitingMessages: number;
  /** messages that failed and wait for `retry` or `discard` */
  readonly failedMessages: number;
  /** false where nothing outlives a reload: no storage given, or it is forbidden, full or broken */
  readonly durable: boolean;
  /** who is signed in; null until the first token or the option `user` said so */
  readonly userId: string | null;
  /** the last error of the connection or of the token callback, gone when it is online again */
  readonly lastError: MilenaError | null;
}

// ---- conversations

/** A conversation as the inbox shows it. */
export interface ConversationSummary {
  readonly conversationId: string;
  readonly type: "direct" | "group" | (string & {});
  /** of a group */
  readonly name?: string;
  /** of a group, and of the other one of a direct conversation. Level 12 for groups */
  readonly avatarUrl?: string;
  /** of a group: what applications keep of it, any JSON object. Level 12 */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** the first 100 by user id */
  readonly participants: readonly Person[];
  readonly memberCount: number;
  /** of a group */
  readonly settings?: GroupSettings;
  /** of a direct conversation: the other one; else null */
  readonly otherUserId: string | null;
  /** one's own role; null where it is not among the first 100 participants */
  readonly role: "admin" | "member" | (string & {}) | null;
  readonly createdAt: string;
  /** the newest number */
  readonly lastSequence: number;
  /** the newest message, a waiting one of one's own included; null if there is none */
  readonly lastMessage: Message | null;
  /** by this the list is ordered, newest first */
  readonly lastEventAt: number;
  readonly unreadCount: number;
  /** of these, the ones that mention this user or everybody. Level 4 */
  readonly unreadMentions: number;
  readonly muted: boolean;
  readonly mutedUntil?: number;
  /** whether this user has joined in */
  readonly accepted: boolean;
  /** what this user keeps of it for themselves: archived, pinned, a draft … Level 5 */
  readonly personal: Personal;
  /** when slow mode lets this user write again, as far as this device knows; null: now. Level 15 */
  readonly mayWriteAt: number | null;
  /** true once this user left or was removed; such a conversation is not in the list, but its handle still says so */
  readonly left: boolean;
}

export interface ConversationList {
  /** pinned ones first, then the latest; without those that are archived or hidden */
  readonly items: readonly ConversationSummary[];
  /** those that are archived, in the same order */
  readonly archived: readonly ConversationSummary[];
  /** false until the server's inbox was read once; what was kept locally is shown meanwhile */
  readonly loaded: boolean;
  /** whether the user is in more conversations than the inbox knows */
  readonly truncated: boolean;
}

export interface Unread {
  /** conversations with unread messages, muted ones aside */
  readonly conversations: number;
  /** unread messages, those of muted conversations aside */
  readonly messages: number;
  /** of these, the ones that mention this user or everybody. Level 4 */
  readonly mentions: number;
  /** the same of muted conversations */
  readonly mutedConversations: number;
  readonly mutedMessages: number;
  readonly mutedMentions: number;
}

/** What to change of a group; null removes it. */
export interface GroupChange {
  name?: string;
  /** level 12 */
  avatarUrl?: string | null;
  /** any JSON object, of at most 4,096 bytes; level 12 */
  custom?: Readonly<Record<string, unknown>> | null;
  settings?: SettingsChange;
}

/** What to keep of a conversation; null ends it. */
export interface PersonalChange {
  /** joins in; never taken back */
  accepted?: true;
  archived?: boolean;
  pinned?: boolean;
  /** not in the list until its next message */
  hidden?: boolean;
  /** counts as unread from this number on, until it is read again */
  unreadFrom?: number | null;
  /** the conversation begins behind this number, for this user, for good */
  clearedUpTo?: number;
  draft?: { readonly text: string; readonly replyTo?: string } | null;
}

// ---- messages

/** How far one's own message has come. `FAILED` waits for `retry` or `discard`. */
export type SendState = "SENDING" | "SENT" | "DELIVERED" | "READ" | "FAILED";

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** at most ten, oldest first */
  readonly userIds: readonly string[];
  readonly mine: boolean;
}

export interface Message {
  readonly kind: "message";
  /** stays the same from `SENDING` to `READ`: a key for lists */
  readonly key: string;
  readonly messageId: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly mine: boolean;
  /** null once it was deleted */
  readonly content: MessageContent | null;
  /** null until it is acked */
  readonly sequenceNumber: number | null;
  /** the server's time; until the ack, the client's */
  readonly timestamp: number;
  /** of one's own message; null for those of others */
  readonly state: SendState | null;
  /** of a message that failed */
  readonly error: MilenaError | null;
  readonly expiresAt?: number;
  /** how often it was edited */
  readonly revision: number;
  readonly editedAt?: number;
  readonly deletedAt?: number;
  /** `moderation` where a moderator or a rule removed it */
  readonly deletedBy?: string;
  /** true while it waits for a moderator: until then its sender and admins of the group alone see it. Level 19 */
  readonly held?: boolean;
  readonly reactions: readonly Reaction[];
  readonly pinned: boolean;
  readonly replyTo?: { readonly messageId: string; readonly sequenceNumber: number | null };
  /** of a reply in a thread: the message that the thread began with */
  readonly threadOf?: string;
  /** the number of that message; set once it is acked */
  readonly threadSequence?: number;
  /** which reply of its thread it is; set once it is acked */
  readonly threadOrdinal?: number;
  /** whether such a reply stands in the conversation, too */
  readonly showInConversation?: boolean;
  /** of the root of a thread */
  readonly thread?: { readonly replyCount: number; readonly lastReplyAt: number; readonly participantIds: readonly string[] };
}

/** A change of the conversation that has its place in the timeline. */
export interface Change {
  readonly kind: "conversation.created" | "conversation.updated" | "member.added" | "member.removed" | "role.changed";
  readonly key: string;
  readonly conversationId: string;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly actorId: string;
  /** of members and roles */
  readonly userIds?: readonly string[];
  readonly role?: string;
  readonly name?: string;
  readonly settings?: GroupSettings;
}

/** The place of a message of somebody else that waits for a moderator. It becomes that message. Level 19 */
export interface HiddenMessage {
  readonly kind: "hidden";
  readonly key: string;
  readonly conversationId: string;
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

export type TimelineItem = Message | Change | HiddenMessage;

/** A run of a conversation's timeline without a gap, one's own waiting messages at its end. */
export interface Timeline {
  /** oldest first */
  readonly items: readonly TimelineItem[];
  /** whether there is more before the first item */
  readonly hasOlder: boolean;
  /** whether the run does not reach the conversation's end; live messages are not shown in it meanwhile */
  readonly hasNewer: boolean;
  /** false until something is known: kept locally, or fetched */
  readonly loaded: boolean;
  /** what is being fetched now */
  readonly loading: "older" | "newer" | "latest" | "place" | null;
  /** why the last fetch failed, of a page or of a message that changed, which stays as it was; gone with the next page */
  readonly error: MilenaError | null;
}

export interface SendOptions {
  /** made by the client if left out: 1 to 64 of `A-Z a-z 0-9 _ . : -`. The same id is the same message */
  messageId?: string;
  /** from then on it is no longer shown; milliseconds since 1970 */
  expiresAt?: number;
  /** the message that this one quotes; needs a server that serves replies */
  replyTo?: string;
  /** the root of the thread that this one belongs to; needs a server that serves threads */
  threadOf?: string;
  showInConversation?: boolean;
}

/** The replies in a thread, one's own waiting ones at the end. */
export interface ThreadTimeline {
  /** oldest first */
  readonly items: readonly Message[];
  readonly hasOlder: boolean;
  readonly loaded: boolean;
  readonly isLoading: boolean;
  /** whether this user follows it; null until that is known, by `markRead` or `follow`. Level 10 */
  readonly followed: boolean | null;
  readonly error: MilenaError | null;
}

/** A thread that this user follows. */
export interface FollowedThread {
  readonly conversationId: string;
  /** the message that it began with */
  readonly root: Message;
  readonly unreadCount: number;
  readonly lastReplyAt: number;
}

export interface FollowedThreads {
  /** the latest fifty, the one with the latest reply first */
  readonly items: readonly FollowedThread[];
  readonly hasMore: boolean;
}

/** The thread of a message. */
export interface Thread {
  readonly rootId: string;
  /** fetched, and kept up to date, while somebody is subscribed */
  readonly messages: Store<ThreadTimeline>;
  loadOlder(): Promise<void>;
  /** Replies; as `send` of the conversation. */
  send(content: MessageContent | string, options?: Omit<SendOptions, "threadOf">): Message;
  /** Has read all replies that are here. Sent at most once a second, to a server of level 10 or higher. */
  markRead(): void;
  /** Follows it, or no longer. Rejects with a `MilenaError`. Level 10. */
  follow(follows?: boolean): Promise<void>;
}

/** Why a message is reported. */
export type ReportReason = "spam" | "abuse" | "violence" | "illegal" | "other";

// ---- moderation

/** Somebody may not write, somewhere or anywhere. */
export interface Ban {
  /** left out for all conversations */
  readonly conversationId?: string;
  /** when it ends by itself, in milliseconds since 1970; left out if it does not */
  readonly until?: number;
  /** left out while nothing but a refused command has said that there is a ban */
  readonly reason?: string;
}

/** A moderator warns this user because of a message of theirs. */
export interface Warning {
  readonly conversationId: string;
  readonly messageId: string;
  /** the words of the moderator */
  readonly text?: string;
  readonly timestamp: number;
}

/** What moderators have decided about this user. */
export interface Standing {
  /** the bans that hold, as far as this client knows */
  readonly bans: readonly Ban[];
  /** the latest twenty that were not dismissed, oldest first */
  readonly warnings: readonly Warning[];
}

/** One conversation. Handles are cheap; the same id gives the same handle. */
export interface Conversation {
  readonly id: string;
  /** null while nothing is known of it */
  readonly summary: Store<ConversationSummary | null>;
  /**
   * Its messages. They are fetched while somebody is subscribed: the newest page first, then what is live; what is kept
   * locally is shown at once.
   */
  readonly messages: Store<Timeline>;
  /** who else types now */
  readonly typists: Store<readonly string[]>;
  /** how far the others have come; known while somebody is subscribed to `messages` */
  readonly receipts: Store<readonly ReceiptLine[]>;

  /**
   * Sends a message, now or as soon as there is a connection, in the order of the calls. It is shown immediately as
   * `SENDING`. A string is text. Throws a `MilenaError` `OUTBOX_FULL`, and nothing else.
   */
  send(content: MessageContent | string, options?: SendOptions): Message;
  /** Sends a message that failed again, with the same id, behind those that wait. */
  retry(messageId: string): void;
  /** Gives up a message of one's own that failed or still waits unsent; false if it may be under way. */
  discard(messageId: string): boolean;

  /** Puts other content in the place of one's own message. Shown immediately; taken back if it is refused. Level 2. */
  edit(messageId: string, content: MessageContent | string): Promise<void>;
  /** Deletes a message. Shown immediately; comes back if it is refused. Level 2. */
  delete(messageId: string, reason?: string): Promise<void>;
  /** Adds a reaction, or takes it away. Shown immediately; taken back if it is refused. Level 7. */
  react(messageId: string, emoji: string, remove?: boolean): Promise<void>;
  /** Pins a message, or ends it. Level 7. */
  pin(messageId: string, remove?: boolean): Promise<void>;
  /** The pinned messages, in the order of their numbers. Level 11. */
  pins(): Promise<Message[]>;
  /** A message as it is now. An old one that is not among the items is found by its number only. Level 13, like the next two. */
  fetchMessage(messageId: string, sequenceNumber?: number): Promise<Message>;
  /** Who has which emoji on a message, in the order of user ids. */
  fetchReactions(messageId: string, sequenceNumber?: number): Promise<ReactionLine[]>;
  /** How far a message has come with each other member, in the order of user ids. */
  fetchReceipts(messageId: string, sequenceNumber?: number): Promise<MessageReceiptLine[]>;

  /** Reports a message of somebody else to the moderators; `duplicate`: this user had reported it before. Level 18. */
  report(messageId: string, reason: ReportReason, text?: string): Promise<Reported>;

  /** The thread of a message, which its first reply begins. The number is needed where an old message that is not among the items has no replies. */
  thread(messageId: string, sequenceNumber?: number): Promise<Thread>;

  /** Fetches a page before the first item. Does nothing if there is none or one is under way. Never rejects: see `error`. */
  loadOlder(): Promise<void>;
  /** Fetches a page behind the last item, where `hasNewer`. */
  loadNewer(): Promise<void>;
  /** Shows the end of the conversation, and what is live. */
  loadLatest(): Promise<void>;
  /** Shows the part of the conversation around a number. */
  loadAround(sequenceNumber: number): Promise<void>;

  /** Has read up to a number, the newest if left out. Sent at most once a second; kept while offline. */
  markRead(upToSequence?: number): void;
  /** Call it at each keystroke: others see that this user types. It ends 3 seconds after the last call. */
  typing(): void;
  /** The field is empty again. */
  stopTyping(): void;

  /** All members, page by page; rejects with a `MilenaError`, as all calls below. */
  members(): Promise<MemberLine[]>;
  addMembers(userIds: readonly string[]): Promise<void>;
  removeMember(userId: string): Promise<void>;
  setRole(userId: string, role: "admin" | "member"): Promise<void>;
  /** Leaves the group. */
  leave(): Promise<void>;
  /** Changes what the group shows of itself, and its rules; what is left out stays. */
  update(change: GroupChange): Promise<void>;
  /** Wants to hear nothing of it, until a time or for good. What must be silent is for the application. */
  mute(until?: number): Promise<void>;
  unmute(): Promise<void>;
  /** Joins in, without writing. */
  accept(): Promise<void>;
  /** Keeps something of it for this user alone, on all devices; what is left out stays. Level 5. */
  keep(change: PersonalChange): Promise<void>;
}

// ---- the client

/** `connect`: the first token, or one after a break. `refresh`: the present one ends soon. `refused`: it was not taken. */
export type TokenReason = "connect" | "refresh" | "refused";

/**
 * Gives a token of the user. Called once at a time. `null`: the user is signed out. A rejection: there is none to be
 * had now, try again later.
 */
export type TokenSource = (reason: TokenReason) => Promise<string | null>;

/** Milliseconds and timers; a test brings its own. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Something that happened, for a log: names, numbers and ids, never content or a token. */
export interface DebugEvent {
  readonly at: number;
  readonly what: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ClientOptions {
  /** such as `https://chat.example.com`; in a page, its own origin if left out */
  server?: string;
  token: TokenSource;
  /** who will be signed in, so that what is kept is shown before there is a token; `tenant` is `default` if left out */
  user?: { userId: string; tenant?: string };
  /** 1 to 64 of `A-Z a-z 0-9 _ . -`; made once and kept if left out */
  deviceId?: string;
  /** what outlives a reload: `indexedDbStorage()` of `@milena/sdk/outbox`; memory alone if left out */
  storage?: ClientStorage;
  /** one connection for all tabs: `browserTabs()` of `@milena/sdk/outbox`; each its own if left out */
  tabs?: TabSharing;
  /** in the order of preference; all three if left out */
  transports?: readonly TransportName[];
  /** messages that may wait in the outbox; 1,000 if left out */
  outboxMax?: number;
  /** items of a timeline in memory, 100,000 if left out; beyond it those farthest from where it grows are let go */
  timelineMax?: number;
  clock?: Clock;
  /** in [0, 1) */
  random?: () => number;
  webSocket?: typeof WebSocket;
  fetch?: typeof fetch;
  debug?: (event: DebugEvent) => void;
}

export interface SignOutResult {
  /** false where messages still wait and `force` was not said: nothing was done */
  readonly signedOut: boolean;
  readonly waitingMessages: number;
}

/** A client of one user at one server. */
export interface Client {
  readonly connection: Store<ConnectionState>;
  readonly conversations: Store<ConversationList>;
  readonly unread: Store<Unread>;
  /** the threads that this user follows; kept up to date while somebody is subscribed, null until then. Level 10 */
  readonly threads: Store<FollowedThreads | null>;
  /** whom this user has blocked: messages of these in groups are for the application to hide. As `threads`. Level 8 */
  readonly blocked: Store<readonly string[] | null>;
  /** what moderators have decided about this user. Bans since level 17, warnings since level 18 */
  readonly standing: Store<Standing>;

  /** Connects and stays connected. Calling it again is harmless; while it waits, it tries now. */
  connect(): void;
  /** Disconnects. What waits is kept; `connect()` goes on. */
  close(): void;
  /**
   * Disconnects for good and deletes what is kept locally. While messages wait in the outbox it does nothing but say how
   * many, unless `force` is true.
   */
  signOut(options?: { force?: boolean }): Promise<SignOutResult>;

  /** The handle of a conversation, known or not. */
  conversation(conversationId: string): Conversation;
  /** Starts a direct conversation, or finds the one there is. Rejects with a `MilenaError`. */
  createDirect(userId: string): Promise<Conversation>;
  /** Makes a group. Retried without making a second one. Rejects with a `MilenaError`. */
  createGroup(group: { name: string; userIds: readonly string[]; settings?: SettingsChange }): Promise<Conversation>;

  /** How somebody is. Watched while somebody is subscribed, 500 people at most; null: not known or not to be seen. */
  presence(userId: string): Store<Presence | null>;
  /** What somebody shows of themselves. Asked for while somebody is subscribed; null: not known, or not to be seen. Level 2. */
  profile(userId: string): Store<Profile | null>;
  /** Shows this of oneself, and nothing else: what is left out goes. Rejects with a `MilenaError`. Level 2. */
  setProfile(profile: ProfileChange): Promise<Profile>;
  /** Blocks somebody, or ends it: neither writes to the other directly, or sees whether the other is there. Level 8. */
  setBlocked(userId: string, blocked: boolean): Promise<void>;
  /** This user has seen a warning: it goes from `standing`, in all tabs. */
  dismiss(warning: Warning): void;
  /** Says `away` or `online` for this device. A page says it by itself when it is hidden and shown. */
  setPresence(status: "online" | "away"): void;

  /**
   * Every message and change that comes in from now on, in order within its conversation, each once, those that were
   * missed during a break included; one's own too, once they are acked. For bots and notifications.
   */
  onItem(listener: (item: TimelineItem, conversation: Conversation) => void): () => void;
}

/** A message that was not acked, or failed. */
export interface OutboxEntry {
  readonly messageId: string;
  readonly conversationId: string;
  /** orders the entries of one browser profile */
  readonly order: number;
  readonly createdAt: number;
  readonly content: MessageContent;
  readonly options: { expiresAt?: number; replyTo?: string; threadOf?: string; showInConversation?: boolean };
  /** set once it failed for good */
  readonly failed: { readonly code: ErrorCode; readonly message: string } | null;
}
