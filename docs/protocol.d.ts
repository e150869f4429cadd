// The types of the protocol, made from its records. Do not edit.

/** What a frame of the server says: all but its `type` and `id`. Times are milliseconds since 1970. */
export type FromServer =
  | ServerConnected
  | ServerHeartbeat
  | ServerOk
  | ServerRefused
  | ServerMessageAck
  | ServerMessageNew
  | ServerMessageUpdated
  | ServerMessageDeleted
  | ServerMessagesOffline
  | ServerMessageDelivered
  | ServerMessageReadReceipt
  | ServerConversationCreated
  | ServerConversationUpdated
  | ServerConversationLeft
  | ServerUserUpdated
  | ServerPresenceBulk
  | ServerPresenceUpdate
  | ServerTypingUpdate
  | ServerTokenExpiring
  | ServerDraining
  | ServerSyncAnswer
  | ServerResync;

/** The first frame. What commits from here on is delivered and, where `resumed` is true, what was missed before. */
export interface ServerConnected {
  type: "connected";
  /** what the client calls the frame, and its answer */
  id?: string;
  connectionId: string;
  serverTime: number;
  /** milliseconds */
  heartbeatInterval: number;
  /** empty where there is no place to go on from */
  resumeToken: string;
  /** whether all that was missed follows */
  resumed: boolean;
  /** what this version serves */
  featureLevel: number;
}

/** Answers a `heartbeat`. */
export interface ServerHeartbeat {
  type: "heartbeat";
  /** what the client calls the frame, and its answer */
  id?: string;
  serverTime: number;
  /** stands for all frames before this one */
  resumeToken?: string;
}

/** Answers a frame that has no other answer. */
export interface ServerOk {
  type: "ok";
  /** what the client calls the frame, and its answer */
  id?: string;
}

/** Answers a frame that was refused. */
export interface ServerRefused {
  type: "error";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    error: "INVALID_MESSAGE" | "INVALID_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "CONVERSATION_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "DUPLICATE_MESSAGE" | "CONFLICT" | "IDEMPOTENCY_MISMATCH" | "TOO_LARGE" | "RATE_LIMITED" | "UNAVAILABLE";
    /** for developers; begins with the path of the field that is wrong */
    message: string;
    /** seconds */
    retryAfter?: number;
    /** with `RATE_LIMITED`: the limit in words */
    limit?: string;
    /** with `CONFLICT`: the revision that the message has */
    revision?: number;
  };
}

/** A message, or a change of one, has its number. */
export interface ServerMessageAck {
  type: "message.ack";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    messageId: string;
    conversationId: string;
    sequenceNumber: number;
    timestamp: number;
    /** whether it had it before, or it was so already */
    duplicate: boolean;
    /** of an edited message */
    revision?: number;
  };
}

/** A message, to every device of every member but the one that sent it. */
export interface ServerMessageNew {
  type: "message.new";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    messageId: string;
    conversationId: string;
    senderId: string;
    content: MessageContent;
    sequenceNumber: number;
    timestamp: number;
    expiresAt?: number;
    /** the message that it quotes */
    replyTo?: Quote;
  };
}

/** What a person wrote. */
export interface MessageContent {
  /** `text`, `image`, `file` or `location` */
  type: string;
  text?: string;
  mediaUrl?: string;
  /** an object of the client's own */
  metadata?: Record<string, unknown>;
  /** at most 50 user ids, or `all`; without people who are no members */
  mentions?: string[] | "all";
}

/** A message of the same conversation that another one quotes. Its content is in its own entry alone, so that a quote shows nothing of a message that was deleted since. */
export interface Quote {
  messageId: string;
  sequenceNumber: number;
}

/** A message has another content, to every device of every member but the one that edited it. */
export interface ServerMessageUpdated {
  type: "message.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** of this change */
    sequenceNumber: number;
    /** of the message */
    targetSequence: number;
    timestamp: number;
    /** left out for members who may not read the message */
    content?: MessageContent;
    revision: number;
    editedAt: number;
  };
}

/** A message was deleted, to every device of every member but the one that did it. */
export interface ServerMessageDeleted {
  type: "message.deleted";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** of this change */
    sequenceNumber: number;
    /** of the message */
    targetSequence: number;
    timestamp: number;
    deletedBy: string;
    reason?: string;
  };
}

/** What this client missed of the conversation. */
export interface ServerMessagesOffline {
  type: "messages.offline";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** at most 50 entries, oldest first */
    messages: Entry[];
    /** numbers of messages that are no longer shown; left out if there are none */
    expired?: NumberRange[];
  };
}

/** One numbered entry of a conversation's timeline. Its `kind` says which fields it has. */
export type Entry =
  | MessageEntry
  | MessageEditedEntry
  | MessageDeletedEntry
  | ConversationCreatedEntry
  | ConversationUpdatedEntry
  | MemberAddedEntry
  | MemberRemovedEntry
  | RoleChangedEntry;

/** A message as it is now. */
export interface MessageEntry {
  kind: "message";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  senderId: string;
  /** left out where it was deleted */
  content?: MessageContent;
  expiresAt?: number;
  /** how often its content was edited */
  revision: number;
  editedAt?: number;
  deletedAt?: number;
  deletedBy?: string;
  /** the message that it quotes */
  replyTo?: Quote;
  /** of one's own message: how far it has come with all others */
  status?: "SENT" | "DELIVERED" | "READ";
}

/** A message got another content; its own entry has it. */
export interface MessageEditedEntry {
  kind: "message.edited";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  /** the number of the message */
  targetSequence: number;
  actorId: string;
  /** that this made */
  revision: number;
}

/** A message was deleted. */
export interface MessageDeletedEntry {
  kind: "message.deleted";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  /** the number of the message */
  targetSequence: number;
  actorId: string;
  reason?: string;
}

/** The first entry of a conversation. */
export interface ConversationCreatedEntry {
  kind: "conversation.created";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  type: string;
  name?: string;
  settings?: GroupSettings;
  /** the first 100 */
  participants: Person[];
  memberCount: number;
}

/** The rules of a group. */
export interface GroupSettings {
  /** members read only */
  onlyAdminsCanPost: boolean;
  /** members may add others */
  allowMemberInvites: boolean;
  /** newcomers may read what was before */
  historyVisibleToNewMembers: boolean;
  /** members cannot mention everybody */
  onlyAdminsMentionAll: boolean;
}

/** Somebody who is in a conversation. */
export interface Person {
  userId: string;
  /** `admin` or `member` */
  role: string;
}

/** A change of a group's name or settings; both are as they are now. */
export interface ConversationUpdatedEntry {
  kind: "conversation.updated";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  type: string;
  name?: string;
  settings?: GroupSettings;
}

/** People came in. */
export interface MemberAddedEntry {
  kind: "member.added";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
}

/** People left or were removed. */
export interface MemberRemovedEntry {
  kind: "member.removed";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
}

/** People have this role from now on. */
export interface RoleChangedEntry {
  kind: "role.changed";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
  role?: string;
}

/** An entry of a kind that a later version brought: clients see that its number is no gap. */
export interface UnknownEntry {
  sequenceNumber: number;
  timestamp: number;
  kind: string;
  actorId: string;
}

/** Sequence numbers in a row, both ends included. */
export interface NumberRange {
  from: number;
  to: number;
}

/** All messages up to there are on a device of this member. */
export interface ServerMessageDelivered {
  type: "message.delivered";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** those that the device named */
    messageIds: string[];
    deliveredUpToSequence: number;
    deliveredTo: string;
    timestamp: number;
  };
}

/** This member, or this user on another device, has read up to there. Those messages are delivered as well. */
export interface ServerMessageReadReceipt {
  type: "message.read_receipt";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    readUpToSequence: number;
    readBy: string;
    timestamp: number;
  };
}

/** A conversation is new, or new to this user. */
export interface ServerConversationCreated {
  type: "conversation.created";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** `direct` or `group` */
    type: string;
    /** of a group; in an inbox, of a direct conversation, that of the other person's profile */
    name?: string;
    /** the first 100 in the order of user ids */
    participants: Person[];
    memberCount: number;
    /** of a group */
    settings?: GroupSettings;
    /** the number of its newest event */
    lastSequence: number;
    /** ISO 8601 */
    createdAt: string;
    sequenceNumber: number;
  };
}

/** The name, settings, members or roles of a conversation changed. */
export interface ServerConversationUpdated {
  type: "conversation.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** `direct` or `group` */
    type: string;
    /** of a group; in an inbox, of a direct conversation, that of the other person's profile */
    name?: string;
    /** the first 100 in the order of user ids */
    participants: Person[];
    memberCount: number;
    /** of a group */
    settings?: GroupSettings;
    /** the number of its newest event */
    lastSequence: number;
    /** ISO 8601 */
    createdAt: string;
    sequenceNumber: number;
  };
}

/** This user left or was removed. Nothing of the conversation follows, unless the user is added again. */
export interface ServerConversationLeft {
  type: "conversation.left";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    sequenceNumber: number;
  };
}

/** This user, or somebody who is watched, shows something else of themselves. */
export interface ServerUserUpdated {
  type: "user.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userId: string;
    name?: string;
    /** an absolute `http` or `https` URL */
    avatarUrl?: string;
    /** any JSON object of the person's own */
    custom?: Record<string, unknown>;
    /** when it last changed; milliseconds since 1970 */
    updatedAt?: number;
  };
}

/** Answers a `presence.subscribe`. */
export interface ServerPresenceBulk {
  type: "presence.bulk";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** of each `userId`, `status`, `lastSeen`, `deviceType?`, `typingIn` */
    presences: Presence[];
  };
}

/** How somebody is, as one observer sees it. */
export interface Presence {
  userId: string;
  status: "online" | "away" | "offline";
  /** when they were last connected; null if that is not known */
  lastSeen: number | null;
  deviceType?: string;
  /** the conversations in which they type and of which the observer was told */
  typingIn: string[];
}

/** Somebody who is watched is there in another way. */
export interface ServerPresenceUpdate {
  type: "presence.update";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userId: string;
    status: "online" | "away" | "offline";
    /** when they were last connected; null if that is not known */
    lastSeen: number | null;
    deviceType?: string;
    /** the conversations in which they type and of which the observer was told */
    typingIn: string[];
  };
}

/** A member types, or no longer does. */
export interface ServerTypingUpdate {
  type: "typing.update";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    userId: string;
    isTyping: boolean;
  };
}

/** A minute before the token ends, or at half of a shorter life. */
export interface ServerTokenExpiring {
  type: "token.expiring";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    expiresAt: number;
  };
}

/** The server stops; close 1012 follows. */
export interface ServerDraining {
  type: "server.draining";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** different for each client */
    reconnectAfterMs: number;
  };
}

/** Answers a `sync`. */
export interface ServerSyncAnswer {
  type: "sync.result";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** those that it named */
    conversations: SyncedConversation[];
    /** those that it did not name, the one with the latest message first */
    newConversations: ConversationView[];
    /** goes into the next sync; left out where there are no more */
    newConversationsCursor?: string;
    /** true where the user is in more of these than the inbox knows; else left out */
    truncated?: boolean;
    /** ids of those that it named and may not read */
    denied: string[];
    /** now, in milliseconds since 1970 */
    serverTime: number;
  };
}

/** What is new in one conversation since the number that a client has. */
export interface SyncedConversation {
  conversationId: string;
  /** oldest first */
  messages: Entry[];
  /** older messages that entries of this page are about, as they are now */
  changed: Entry[];
  hasMore: boolean;
  /** the numbers of this page that are no longer there */
  expired: NumberRange[];
  /** how far the entries go */
  upToSequence: number;
  /** the number of the newest event */
  lastSequence: number;
  unreadCount: number;
  /** unread messages that mention this user, or everybody */
  unreadMentions: number;
  /** the number of the first unread message; left out where there is none */
  firstUnreadSequence?: number;
  /** true where the client's number is beyond the end: it starts this conversation afresh; else left out */
  ahead?: boolean;
}

/** A conversation as its members see it, the same in frames and in answers. */
export interface ConversationView {
  conversationId: string;
  /** `direct` or `group` */
  type: string;
  /** of a group; in an inbox, of a direct conversation, that of the other person's profile */
  name?: string;
  /** the first 100 in the order of user ids */
  participants: Person[];
  memberCount: number;
  /** of a group */
  settings?: GroupSettings;
  /** the number of its newest event */
  lastSequence: number;
  /** ISO 8601 */
  createdAt: string;
}

/** This client read too slowly and frames of these conversations were dropped. */
export interface ServerResync {
  type: "resync";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationIds: string[];
  };
}

/** The `payload` of a client's frame. Times are milliseconds since 1970. */
export type FromClient =
  | ClientMessageSend
  | ClientMessageEdit
  | ClientMessageDelete
  | ClientMessageDelivered
  | ClientMessageRead
  | ClientSync
  | ClientHeartbeat
  | ClientTokenRefresh
  | ClientTypingStart
  | ClientTypingStop
  | ClientPresenceSubscribe
  | ClientPresenceUnsubscribe
  | ClientPresenceSet;

/** A message. The answer is `message.ack`. */
export interface ClientMessageSend {
  type: "message.send";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    content: MessageContent;
    /** in the future; the message is no longer shown from then on */
    expiresAt?: number;
    /** the `messageId` of a message that it quotes */
    replyTo?: string;
  };
}

/** Another content for one's own message. The answer is `message.ack`. */
export interface ClientMessageEdit {
  type: "message.edit";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** replaces the whole content */
    content: MessageContent;
    /** that the message must have, else `CONFLICT` */
    revision?: number;
  };
}

/** Deletes a message. The answer is `message.ack`. */
export interface ClientMessageDelete {
  type: "message.delete";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** at most 200 characters */
    reason?: string;
  };
}

/** Messages are on this user's device. The answer is `ok`, if it has an `id`. */
export interface ClientMessageDelivered {
  type: "message.delivered";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    upToSequence?: number;
    /** at most 100; needed where there is no `upToSequence` */
    messageIds?: string[];
  };
}

/** This user has read messages. The answer is `ok`, if it has an `id`. */
export interface ClientMessageRead {
  type: "message.read";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    upToSequence?: number;
    /** at most 100; needed where there is no `upToSequence` */
    messageIds?: string[];
  };
}

/** Asks for what was missed. The answer is `sync.result`. */
export interface ClientSync {
  type: "sync";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** at most 500, none twice */
    conversations: Known[];
    /** entries of each conversation, 1 to 100 */
    limit?: number;
    /** where the last sync ended among the conversations that are not named here */
    newConversationsCursor?: string;
  };
}

/** A conversation that the client has. */
export interface Known {
  conversationId: string;
  /** the last number that it has; at least 0 */
  lastSequence: number;
}

/** A sign of life. The answer is `heartbeat`. */
export interface ClientHeartbeat {
  type: "heartbeat";
  /** what the client calls the frame, and its answer */
  id?: string;
}

/** A fresh token of the same user. The answer is `ok`. */
export interface ClientTokenRefresh {
  type: "token.refresh";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    token: string;
  };
}

/** This user types. The answer is `ok`, if it has an `id`. */
export interface ClientTypingStart {
  type: "typing.start";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
  };
}

/** This user no longer types. The answer is `ok`, if it has an `id`. */
export interface ClientTypingStop {
  type: "typing.stop";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
  };
}

/** Watches people. The answer is `presence.bulk`. */
export interface ClientPresenceSubscribe {
  type: "presence.subscribe";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** at most 500 a connection */
    userIds: string[];
  };
}

/** Watches people no longer. The answer is `ok`, if it has an `id`. */
export interface ClientPresenceUnsubscribe {
  type: "presence.unsubscribe";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userIds: string[];
  };
}

/** How this device is there. The answer is `ok`, if it has an `id`. */
export interface ClientPresenceSet {
  type: "presence.set";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** `online` or `away` */
    status: "online" | "away" | "offline";
    /** 1 to 32 of the alphabet of ids */
    deviceType?: string;
  };
}

/** What a server is and allows, for anybody: `GET /api/v1/server`. */
export interface ServerInfo {
  /** `milena` */
  name: string;
  version: string;
  /** what this version serves; the list of levels is in docs/protocol.md */
  featureLevel: number;
  /** how often clients of a socket say something, in milliseconds */
  heartbeatInterval: number;
  /** each limit by the name that docs/protocol.md gives it; times in milliseconds, 0 of a rate is no limit */
  limits: Record<string, number>;
  /** what `content.type` of a message may be */
  contentTypes: string[];
  features: Features;
}

/** What an installation has set up. */
export interface Features {
  push: boolean;
  search: boolean;
  media: boolean;
  moderation: boolean;
  /** whether the chat page has a way to sign in */
  webSignIn: boolean;
}

/** What somebody has not read in all of their conversations. */
export interface UnreadTotals {
  /** how many have unread messages */
  conversations: number;
  /** unread messages */
  messages: number;
  /** unread messages that mention this user, or everybody */
  mentions: number;
  /** the same of the conversations that are muted */
  muted: Totals;
}

/** What is unread in some conversations. */
export interface Totals {
  /** how many have unread messages */
  conversations: number;
  /** unread messages */
  messages: number;
  /** unread messages that mention this user, or everybody */
  mentions: number;
}

/** The user whose token asks. */
export interface Me {
  userId: string;
  tenant: string;
  /** of the profile; where no profile was ever set, that of the token */
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object of the user's own */
  custom?: Record<string, unknown>;
  /** when the profile last changed, in milliseconds since 1970; left out where there is none */
  updatedAt?: number;
  /** with whom the user may start conversations: `anyone`, `contacts` or `host` */
  mayStart: string;
}

/** People, in the order in which they were named; whom the asker may not see is left out. */
export interface Users {
  users: UserView[];
}

/** What a person shows of themselves; who never set a profile is shown by `userId` alone. */
export interface UserView {
  userId: string;
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object of the person's own */
  custom?: Record<string, unknown>;
  /** when it last changed; milliseconds since 1970 */
  updatedAt?: number;
}

/** A direct conversation. */
export interface NewDirect {
  /** `direct` */
  type: string;
  /** the one other user */
  participantIds: string[];
}

/** A group. */
export interface NewGroup {
  name: string;
  /** its members beside the creator */
  participantIds: string[];
  settings?: SettingsChange;
}

/** Settings of a group; what is left out stays as it is, or has its default in a new group. */
export interface SettingsChange {
  onlyAdminsCanPost?: boolean;
  allowMemberInvites?: boolean;
  historyVisibleToNewMembers?: boolean;
  onlyAdminsMentionAll?: boolean;
}

/** A message. */
export interface NewMessage {
  messageId: string;
  content: MessageContent;
  /** in the future; the message is no longer shown from then on */
  expiresAt?: number;
  /** the `messageId` of a message that it quotes */
  replyTo?: string;
}

/** A message has its number. */
export interface Sent {
  messageId: string;
  sequenceNumber: number;
  timestamp: number;
}

/** Another content of a message. */
export interface Edit {
  /** replaces the whole content */
  content: MessageContent;
  /** that the message must have, else `CONFLICT` */
  revision?: number;
}

/** A change of a message has its number. */
export interface Changed {
  messageId: string;
  conversationId: string;
  sequenceNumber: number;
  timestamp: number;
  /** whether it was so already */
  duplicate: boolean;
  /** of an edited message */
  revision?: number;
}

/** How far the user has read; at least one of the two. */
export interface ReadMark {
  upToSequence?: number;
  /** at most 100 */
  messageIds?: string[];
}

/** How far the user has now read. */
export interface ReadUpTo {
  conversationId: string;
  readUpToSequence: number;
}

/** Until when the user wants to hear nothing of a conversation. */
export interface Mute {
  /** in the future; left out, it is no longer muted */
  until?: number;
}

/** Whether a conversation is muted. */
export interface Muted {
  conversationId: string;
  muted: boolean;
  /** left out where it is not */
  mutedUntil?: number;
}

/** What the user keeps of a conversation for themselves. */
export interface PersonalChange {
  /** `true` */
  accepted: boolean;
}

/** The user has joined in. */
export interface Accepted {
  conversationId: string;
  accepted: boolean;
}

/** The whole profile of the user; what is left out goes. */
export interface ProfileChange {
  /** at most 100 characters */
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object, at most 2,048 bytes */
  custom?: Record<string, unknown>;
}

/** What to change of a group; at least one property. */
export interface ConversationChange {
  name?: string;
  settings?: SettingsChange;
}

/** Who is to come in. */
export interface NewMembers {
  userIds: string[];
}

/** A member's new role. */
export interface RoleChange {
  /** `admin` or `member` */
  role: string;
}

/** A page of somebody's conversations, the one with the latest message first. */
export interface Inbox {
  conversations: InboxLine[];
  hasMore: boolean;
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
  /** true where they are in more conversations than the inbox knows; else left out */
  truncated?: boolean;
}

/** A conversation in somebody's inbox; the fields of the conversation stand beside the others. */
export interface InboxLine {
  conversationId: string;
  /** `direct` or `group` */
  type: string;
  /** of a group; in an inbox, of a direct conversation, that of the other person's profile */
  name?: string;
  /** the first 100 in the order of user ids */
  participants: Person[];
  memberCount: number;
  /** of a group */
  settings?: GroupSettings;
  /** the number of its newest event */
  lastSequence: number;
  /** ISO 8601 */
  createdAt: string;
  /** the newest message that is shown; null if there is none */
  lastMessage: Entry | null;
  /** messages that they can read and have not read */
  unreadCount: number;
  /** unread messages that mention this user, or everybody */
  unreadMentions: number;
  /** the number of the first unread message; left out where there is none */
  firstUnreadSequence?: number;
  /** whether they want to hear nothing of it now */
  muted: boolean;
  /** milliseconds since 1970; left out where it is not muted */
  mutedUntil?: number;
  personal: Personal;
  /** by this the inbox is ordered; milliseconds since 1970 */
  lastEventAt: number;
  /** of a direct conversation, that of the other person */
  avatarUrl?: string;
}

/** What somebody keeps of a conversation for themselves. */
export interface Personal {
  /** whether they have joined in */
  accepted: boolean;
}

/** A page of a conversation's timeline. */
export interface History {
  messages: Entry[];
  /** whether there may be an entry beyond */
  hasMore: boolean;
  /** the numbers of this page that are no longer there */
  expired: NumberRange[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** A page of a conversation's members, in the order of user ids. */
export interface Members {
  members: MemberLine[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** One member. */
export interface MemberLine {
  userId: string;
  /** `admin` or `member` */
  role: string;
  /** milliseconds since 1970 */
  joinedAt: number;
  /** of their profile */
  name?: string;
  /** of their profile */
  avatarUrl?: string;
}

/** A page of how far members have come, in the order of user ids. */
export interface Receipts {
  receipts: ReceiptLine[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** How far one member has come. */
export interface ReceiptLine {
  userId: string;
  deliveredUpToSequence: number;
  deliveredAt?: number;
  readUpToSequence: number;
  readAt?: number;
}

/** What a client that comes back has, so that it is answered what it missed. */
export interface SyncQuestion {
  /** at most 500, none twice */
  conversations: Known[];
  /** entries of each conversation, 1 to 100 */
  limit?: number;
  /** where the last sync ended among the conversations that are not named here */
  newConversationsCursor?: string;
}

/** What a client that comes back has missed. */
export interface SyncResult {
  /** those that it named */
  conversations: SyncedConversation[];
  /** those that it did not name, the one with the latest message first */
  newConversations: ConversationView[];
  /** goes into the next sync; left out where there are no more */
  newConversationsCursor?: string;
  /** true where the user is in more of these than the inbox knows; else left out */
  truncated?: boolean;
  /** ids of those that it named and may not read */
  denied: string[];
  /** now, in milliseconds since 1970 */
  serverTime: number;
}

/** The answer to a call that is refused. */
export interface CallRefused {
  error: "INVALID_MESSAGE" | "INVALID_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "CONVERSATION_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "DUPLICATE_MESSAGE" | "CONFLICT" | "IDEMPOTENCY_MISMATCH" | "TOO_LARGE" | "RATE_LIMITED" | "UNAVAILABLE";
  /** for developers; begins with the path of the field that is wrong */
  message: string;
  /** in whole seconds, as in the head `Retry-After` */
  retryAfter?: number;
  /** with `RATE_LIMITED`: the limit in words */
  limit?: string;
  /** with `DUPLICATE_MESSAGE`, as the two below: what the message was given first */
  messageId?: string;
  sequenceNumber?: number;
  timestamp?: number;
  /** with `CONFLICT`: the revision that the message has */
  revision?: number;
}
