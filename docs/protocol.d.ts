// The types of the protocol, made from its records. Do not edit.

/** A frame of the server without its `type` and `id`. Times are in milliseconds since 1970. */
export type FromServer =
  | ServerConnected
  | ServerHeartbeat
  | ServerOk
  | ServerRefused
  | ServerMessageAck
  | ServerMessageNew
  | ServerMessageUpdated
  | ServerMessageDeleted
  | ServerMessageReaction
  | ServerMessagePinned
  | ServerMessagesOffline
  | ServerMessageDelivered
  | ServerMessageReadReceipt
  | ServerConversationCreated
  | ServerConversationUpdated
  | ServerConversationLeft
  | ServerUserUpdated
  | ServerBlockUpdated
  | ServerBanUpdated
  | ServerModerationWarning
  | ServerDeviceUpdated
  | ServerNotificationsUpdated
  | ServerConversationPersonal
  | ServerThreadUpdated
  | ServerPresenceBulk
  | ServerPresenceUpdate
  | ServerTypingUpdate
  | ServerTokenExpiring
  | ServerDraining
  | ServerSyncAnswer
  | ServerResync;

/** The first frame. Everything that commits from here on is delivered and, if `resumed` is true, everything missed before. */
export interface ServerConnected {
  type: "connected";
  /** what the client calls the frame, and its answer */
  id?: string;
  connectionId: string;
  serverTime: number;
  /** milliseconds */
  heartbeatInterval: number;
  /** empty if the connection cannot be resumed */
  resumeToken: string;
  /** whether all missed frames follow */
  resumed: boolean;
  /** the features of this installation */
  featureLevel: number;
  /** a hint for proxies, to bring as `route` with the next connection */
  route: string;
}

/** Answers a `heartbeat`. */
export interface ServerHeartbeat {
  type: "heartbeat";
  /** what the client calls the frame, and its answer */
  id?: string;
  serverTime: number;
  /** covers all frames before this one */
  resumeToken?: string;
}

/** Answers a frame that has no other answer. */
export interface ServerOk {
  type: "ok";
  /** what the client calls the frame, and its answer */
  id?: string;
}

/** Answers a rejected frame. */
export interface ServerRefused {
  type: "error";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    error: "INVALID_MESSAGE" | "INVALID_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "CONVERSATION_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "DUPLICATE_MESSAGE" | "CONFLICT" | "IDEMPOTENCY_MISMATCH" | "TOO_LARGE" | "RATE_LIMITED" | "UNAVAILABLE";
    /** for developers; starts with the path of the wrong field */
    message: string;
    /** seconds */
    retryAfter?: number;
    /** with `RATE_LIMITED`: the limit in words */
    limit?: string;
    /** with `CONFLICT`: the revision that the message has */
    revision?: number;
    /** true */
    banned?: boolean;
    /** when it ends, in milliseconds since 1970; left out if it does not */
    until?: number;
  };
}

/** A message, or a change of one, is committed and has its number. */
export interface ServerMessageAck {
  type: "message.ack";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    messageId: string;
    conversationId: string;
    sequenceNumber: number;
    timestamp: number;
    /** whether it was committed before */
    duplicate: boolean;
    /** of an edited message */
    revision?: number;
    /** of a reply in a thread: which one it is */
    threadOrdinal?: number;
    /** of a reply: its thread as it is now */
    thread?: ThreadView;
    /** `true` while the message waits for a moderator; else left out */
    held?: boolean;
  };
}

/** The thread of a message. */
export interface ThreadView {
  /** the ordinal of its last reply; neither deletion nor expiry lowers it */
  replyCount: number;
  /** milliseconds since 1970 */
  lastReplyAt: number;
  /** who wrote the latest replies, at most 5, the last one first */
  participantIds: string[];
}

/** A new message. Sent to every device of every member except the sending one. Of a hidden one there are `conversationId`, `sequenceNumber`, `timestamp` and `hidden` alone. */
export interface ServerMessageNew {
  type: "message.new";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    messageId?: string;
    conversationId: string;
    senderId?: string;
    content?: MessageContent;
    sequenceNumber: number;
    timestamp: number;
    expiresAt?: number;
    /** the message that it quotes */
    replyTo?: Quote;
    /** of a reply: the `messageId` of the message that begins the thread */
    threadOf?: string;
    /** of a reply: the number of that message */
    threadSequence?: number;
    /** of a reply: which one it is, from 1 on without a gap; left out while it is held for a moderator */
    threadOrdinal?: number;
    /** of a reply: whether it is shown among the messages of the conversation too */
    showInConversation?: boolean;
    /** of the message that begins a thread; in a frame of a reply, that thread */
    thread?: ThreadView;
    /** `true` if it waits for a moderator; else left out */
    held?: boolean;
    /** `true` for those who are not shown it while it waits; else left out */
    hidden?: boolean;
  };
}

/** The content of a message. */
export interface MessageContent {
  /** `text`, `image`, `file` or `location` */
  type: string;
  text?: string;
  mediaUrl?: string;
  /** any JSON object of the client */
  metadata?: Record<string, unknown>;
  /** at most 50 user ids, or `all`; without users who are not members */
  mentions?: string[] | "all";
}

/** A message of the same conversation that another one quotes. Only its own entry has its content, so that a quote shows nothing of a message that was deleted since. */
export interface Quote {
  messageId: string;
  sequenceNumber: number;
}

/** A message was edited, or released by a moderator. Sent to every device of every member except the editing one. Of an edit of a message that they were never shown, others get `conversationId`, `sequenceNumber`, `targetSequence`, `timestamp` and `hidden` alone. */
export interface ServerMessageUpdated {
  type: "message.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** left out for those who were never shown the message */
    messageId?: string;
    /** of this change */
    sequenceNumber: number;
    /** of the message */
    targetSequence: number;
    timestamp: number;
    /** left out for members who may not read the message, or are not shown it while it waits */
    content?: MessageContent;
    /** left out as `messageId` is */
    revision?: number;
    /** left out as `messageId` is, and of a released message that was never edited */
    editedAt?: number;
    /** `true` if it waits for a moderator since this edit, or still; else left out */
    held?: boolean;
    /** `true` for those who are not shown it while it waits; else left out */
    hidden?: boolean;
    /** `true` if it waits no longer; else left out */
    released?: boolean;
    /** of the message */
    senderId?: string;
    expiresAt?: number;
    /** the message that it quotes */
    replyTo?: Quote;
    /** of a reply: the `messageId` of the message that begins the thread */
    threadOf?: string;
    /** of a reply: the number of that message */
    threadSequence?: number;
    /** of a reply: which one it is, from 1 on without a gap; left out while it is held for a moderator */
    threadOrdinal?: number;
    /** of a reply: whether it is shown among the messages of the conversation too */
    showInConversation?: boolean;
    /** of the message that begins a thread; in a frame of a reply, that thread */
    thread?: ThreadView;
    /** in the order in which their emoji came; left out if there are none */
    reactions?: Emoji[];
    /** `true`, or left out */
    pinned?: boolean;
  };
}

/** An emoji of a message. */
export interface Emoji {
  emoji: string;
  /** how many users have it there */
  count: number;
  /** who has it, oldest first: the first ten */
  userIds: string[];
}

/** A message was deleted. Sent to every device of every member except the deleting one. */
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
    /** of a message that waited for a moderator, like `editedAt` */
    revision?: number;
    editedAt?: number;
    /** of the message */
    senderId?: string;
    expiresAt?: number;
    /** the message that it quotes */
    replyTo?: Quote;
    /** of a reply: the `messageId` of the message that begins the thread */
    threadOf?: string;
    /** of a reply: the number of that message */
    threadSequence?: number;
    /** of a reply: which one it is, from 1 on without a gap; left out while it is held for a moderator */
    threadOrdinal?: number;
    /** of a reply: whether it is shown among the messages of the conversation too */
    showInConversation?: boolean;
    /** of the message that begins a thread; in a frame of a reply, that thread */
    thread?: ThreadView;
    /** in the order in which their emoji came; left out if there are none */
    reactions?: Emoji[];
    /** `true`, or left out */
    pinned?: boolean;
  };
}

/** A user added an emoji to a message or removed it. Sent to every device of every member except the acting one. In a large group it stands for all reactions to the message within a short time, without their users. */
export interface ServerMessageReaction {
  type: "message.reaction";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** of this change; in a large group of the latest of them */
    sequenceNumber: number;
    /** of the message */
    targetSequence: number;
    timestamp: number;
    /** left out in a large group, like `emoji`, `removed` and `count` */
    userId?: string;
    /** left out for members who may not read the message, like `count` */
    emoji?: string;
    removed?: boolean;
    /** how many users have that emoji there now */
    count?: number;
    /** in a large group: each emoji that changed; left out for members who may not read the message */
    reactions?: EmojiCount[];
    /** in a large group: the numbers of all changes that it stands for */
    sequenceNumbers?: number[];
  };
}

/** How often an emoji is used on a message. */
export interface EmojiCount {
  emoji: string;
  /** how many users have it there now */
  count: number;
}

/** A message was pinned or unpinned. Sent to every device of every member except the acting one. */
export interface ServerMessagePinned {
  type: "message.pinned";
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
    /** the acting user */
    userId: string;
    removed: boolean;
  };
}

/** The entries of a conversation that this client missed. */
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
  | MessageReleasedEntry
  | MessageDeletedEntry
  | ReactionEntry
  | MessagePinnedEntry
  | ConversationCreatedEntry
  | ConversationUpdatedEntry
  | MemberAddedEntry
  | MemberRemovedEntry
  | RoleChangedEntry;

/** A message as it is now. One that is hidden has `sequenceNumber`, `timestamp`, `kind` and `hidden` alone. */
export interface MessageEntry {
  kind: "message";
  sequenceNumber: number;
  timestamp: number;
  messageId?: string;
  senderId?: string;
  /** left out if the message was deleted */
  content?: MessageContent;
  expiresAt?: number;
  /** how often its content was edited */
  revision?: number;
  editedAt?: number;
  deletedAt?: number;
  deletedBy?: string;
  /** the message that it quotes */
  replyTo?: Quote;
  /** of a reply: the `messageId` of the message that begins the thread */
  threadOf?: string;
  /** of a reply: the number of that message */
  threadSequence?: number;
  /** of a reply: which one it is, from 1 on without a gap; left out while it is held for a moderator */
  threadOrdinal?: number;
  /** of a reply: whether it is shown among the messages of the conversation too */
  showInConversation?: boolean;
  /** of the message that begins a thread; in a frame of a reply, that thread */
  thread?: ThreadView;
  /** in the order in which their emoji came */
  reactions?: EmojiReactions[];
  /** `true`, or left out */
  pinned?: boolean;
  /** of the user's own message: how far it has come with all others */
  status?: "SENT" | "DELIVERED" | "READ";
  /** `true` while it waits for a moderator; else left out */
  held?: boolean;
  /** `true` for those who are not shown it while it waits; else left out */
  hidden?: boolean;
}

/** An emoji of a message. */
export interface EmojiReactions {
  emoji: string;
  /** how many people have it there */
  count: number;
  /** who has it, oldest first: the first `USERS_MAX` */
  userIds: string[];
  /** whether the reader has it there */
  mine: boolean;
}

/** A message was edited; its own entry has the new content. */
export interface MessageEditedEntry {
  kind: "message.edited";
  sequenceNumber: number;
  timestamp: number;
  /** left out for those who had never been shown the message */
  messageId?: string;
  /** the number of the message */
  targetSequence: number;
  /** left out for those to whom the message was hidden then */
  actorId?: string;
  /** the revision after this edit; left out as `messageId` is */
  revision?: number;
}

/** A message was held for a moderator, and is no longer. */
export interface MessageReleasedEntry {
  kind: "message.released";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  /** the number of the message */
  targetSequence: number;
  actorId: string;
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

/** Somebody added an emoji to a message, or took it away. */
export interface ReactionEntry {
  kind: "reaction";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  /** the number of the message */
  targetSequence: number;
  actorId: string;
  /** left out where the message was deleted, or the reader may not read it */
  emoji?: string;
  removed: boolean;
}

/** A message was pinned, or is no longer. */
export interface MessagePinnedEntry {
  kind: "message.pinned";
  sequenceNumber: number;
  timestamp: number;
  messageId: string;
  /** the number of the message */
  targetSequence: number;
  actorId: string;
  removed: boolean;
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

/** The settings of a group. */
export interface GroupSettings {
  /** members only read */
  onlyAdminsCanPost: boolean;
  /** members may add others */
  allowMemberInvites: boolean;
  /** new members may read earlier messages */
  historyVisibleToNewMembers: boolean;
  /** only admins mention all members */
  onlyAdminsMentionAll: boolean;
  /** how long members who are no admins wait between two messages; 0 is no bound */
  slowModeSeconds: number;
  /** whether messages of members who are no admins wait until a moderator releases them */
  premoderation: boolean;
}

/** A participant of a conversation. */
export interface Person {
  userId: string;
  /** `admin` or `member` */
  role: string;
}

/** A change of a group's profile or settings; all are given as they are now. */
export interface ConversationUpdatedEntry {
  kind: "conversation.updated";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  type: string;
  name?: string;
  avatarUrl?: string;
  /** any JSON object */
  custom?: Record<string, unknown>;
  settings?: GroupSettings;
}

/** Members were added. */
export interface MemberAddedEntry {
  kind: "member.added";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
}

/** Members left or were removed. */
export interface MemberRemovedEntry {
  kind: "member.removed";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
}

/** Members have a new role. */
export interface RoleChangedEntry {
  kind: "role.changed";
  sequenceNumber: number;
  timestamp: number;
  actorId: string;
  userIds: string[];
  role?: string;
}

/** An entry of a kind from a later version, so that clients see that its number is no gap. */
export interface UnknownEntry {
  sequenceNumber: number;
  timestamp: number;
  kind: string;
  actorId: string;
}

/** Consecutive sequence numbers, both ends included. */
export interface NumberRange {
  from: number;
  to: number;
}

/** All messages up to this number are on a device of this member. */
export interface ServerMessageDelivered {
  type: "message.delivered";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** the messages that the receipt named */
    messageIds: string[];
    deliveredUpToSequence: number;
    deliveredTo: string;
    timestamp: number;
  };
}

/** This member, or this user on another device, has read up to this number. Those messages are delivered as well. */
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
    /** the name of a group; in an inbox, for a direct conversation, that of the other user's profile */
    name?: string;
    /** of a group, an absolute `http` or `https` URL; in an inbox, for a direct conversation, that of the other user's profile */
    avatarUrl?: string;
    /** of a group, any JSON object */
    custom?: Record<string, unknown>;
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

/** The profile, settings, members or roles of a conversation changed. */
export interface ServerConversationUpdated {
  type: "conversation.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** `direct` or `group` */
    type: string;
    /** the name of a group; in an inbox, for a direct conversation, that of the other user's profile */
    name?: string;
    /** of a group, an absolute `http` or `https` URL; in an inbox, for a direct conversation, that of the other user's profile */
    avatarUrl?: string;
    /** of a group, any JSON object */
    custom?: Record<string, unknown>;
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

/** The profile of this user, or of a watched one, has changed. */
export interface ServerUserUpdated {
  type: "user.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userId: string;
    name?: string;
    /** an absolute `http` or `https` URL */
    avatarUrl?: string;
    /** any JSON object */
    custom?: Record<string, unknown>;
    /** when it last changed, in milliseconds since 1970 */
    updatedAt?: number;
  };
}

/** This user, on whichever device, has blocked somebody, or no longer does. */
export interface ServerBlockUpdated {
  type: "block.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userId: string;
    blocked: boolean;
  };
}

/** A moderator has banned this user, or no longer does. */
export interface ServerBanUpdated {
  type: "ban.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** left out if it is about all conversations */
    conversationId?: string;
    banned: boolean;
    /** when it ends by itself; left out if it does not */
    until?: number;
    reason: string;
  };
}

/** A moderator warns this user because of a message of theirs. */
export interface ServerModerationWarning {
  type: "moderation.warning";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** the words of the moderator */
    text?: string;
    timestamp: number;
  };
}

/** A device of this user was registered for push, no longer is, or was signed out. */
export interface ServerDeviceUpdated {
  type: "device.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    deviceId: string;
    /** whether it was signed out; `~` and a connection stand for one without a device */
    removed: boolean;
  };
}

/** This user, on whichever device, is to be notified of something else by push. */
export interface ServerNotificationsUpdated {
  type: "notifications.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** the conversation whose level changed; left out for the settings of the user */
    conversationId?: string;
    /** `all`, `mentions` or `none`; null for a conversation that follows the settings of the user */
    level: string | null;
    /** left out for a conversation */
    preview?: string;
    /** left out for a conversation, and without any */
    quietHours?: QuietHours;
  };
}

/** The times of a day in which nothing is pushed, nor later. They may cross midnight. */
export interface QuietHours {
  /** `HH:MM` */
  from: string;
  /** `HH:MM`, another time than `from` */
  to: string;
  /** an IANA time zone; without it that of the device, else UTC */
  timeZone?: string;
}

/** This user, on whichever device, keeps something else of the conversation. */
export interface ServerConversationPersonal {
  type: "conversation.personal";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** whether they have joined in */
    accepted: boolean;
    /** whether it is out of the inbox, until they say otherwise */
    archived: boolean;
    /** whether it stands before the others */
    pinned: boolean;
    /** whether it is out of the inbox until its next message */
    hidden: boolean;
    /** from which number on they want it to count as unread; left out if they do not */
    unreadFrom?: number;
    /** up to which number it is gone for them; left out if nothing is */
    clearedUpTo?: number;
    /** what they have begun to write; left out if there is none */
    draft?: Draft;
  };
}

/** What somebody has begun to write. */
export interface Draft {
  text: string;
  /** the messageId that it would quote */
  replyTo?: string;
}

/** This user, on whichever device, follows a thread, follows it no longer or has read more of it. */
export interface ServerThreadUpdated {
  type: "thread.updated";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    /** the message that begins it */
    threadOf: string;
    /** the number of that message */
    threadSequence: number;
    /** whether the user follows it */
    followed: boolean;
    /** replies up to this one are read */
    readUpToOrdinal: number;
  };
}

/** Answers a `presence.subscribe`. */
export interface ServerPresenceBulk {
  type: "presence.bulk";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** for each user `userId`, `status`, `lastSeen`, `deviceType?`, `typingIn` */
    presences: Presence[];
  };
}

/** The presence of a user, as one observer sees it. */
export interface Presence {
  userId: string;
  status: "online" | "away" | "offline";
  /** when the user was last connected; null if unknown */
  lastSeen: number | null;
  deviceType?: string;
  /** the conversations in which the user types and the observer was notified */
  typingIn: string[];
}

/** The presence of a watched user has changed. */
export interface ServerPresenceUpdate {
  type: "presence.update";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userId: string;
    status: "online" | "away" | "offline";
    /** when the user was last connected; null if unknown */
    lastSeen: number | null;
    deviceType?: string;
    /** the conversations in which the user types and the observer was notified */
    typingIn: string[];
  };
}

/** A member starts or stops typing. */
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

/** The token expires soon: a minute before its end, or at half of a shorter life. */
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
    /** the conversations of the request */
    conversations: SyncedConversation[];
    /** other conversations, the one with the latest message first, at most 500 */
    newConversations: ConversationView[];
    /** for the next sync; left out if there are no more */
    newConversationsCursor?: string;
    /** true if the user has more of these than the inbox knows; else left out */
    truncated?: boolean;
    /** ids of the conversations that the user may not read */
    denied: string[];
    /** the time of the answer, in milliseconds since 1970 */
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
  /** whether entries are left for another sync */
  hasMore: boolean;
  /** the numbers of this page that are no longer shown */
  expired: NumberRange[];
  /** the number up to which the entries go */
  upToSequence: number;
  /** the number of the newest event */
  lastSequence: number;
  /** the unread messages of the user */
  unreadCount: number;
  /** unread messages that mention this user or all */
  unreadMentions: number;
  /** the number of the first unread message; left out without one */
  firstUnreadSequence?: number;
  /** true if the number of the client is beyond the end: it must load this conversation again; else left out */
  ahead?: boolean;
}

/** A conversation as its members see it, the same in frames and in answers. */
export interface ConversationView {
  conversationId: string;
  /** `direct` or `group` */
  type: string;
  /** the name of a group; in an inbox, for a direct conversation, that of the other user's profile */
  name?: string;
  /** of a group, an absolute `http` or `https` URL; in an inbox, for a direct conversation, that of the other user's profile */
  avatarUrl?: string;
  /** of a group, any JSON object */
  custom?: Record<string, unknown>;
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

/** This client reads too slowly, and frames of these conversations were dropped. */
export interface ServerResync {
  type: "resync";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationIds: string[];
  };
}

/** The `payload` of a client's frame. Times are in milliseconds since 1970. */
export type FromClient =
  | ClientMessageSend
  | ClientMessageEdit
  | ClientMessageDelete
  | ClientMessageReact
  | ClientMessagePin
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

/** Sends a message. The answer is `message.ack`. */
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
    /** the `messageId` of the message that it quotes */
    replyTo?: string;
    /** the `messageId` of the message in whose thread it is a reply */
    threadOf?: string;
    /** whether a reply is shown among the messages of the conversation too */
    showInConversation?: boolean;
  };
}

/** Replaces the content of a message of this user. The answer is `message.ack`. */
export interface ClientMessageEdit {
  type: "message.edit";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** the whole new content */
    content: MessageContent;
    /** the revision that the message must have, else `CONFLICT` */
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

/** Adds an emoji to a message, or removes it. The answer is `message.ack`. */
export interface ClientMessageReact {
  type: "message.react";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** 1 to 32 code points without white space and controls */
    emoji: string;
    /** whether it is removed */
    remove?: boolean;
  };
}

/** Pins or unpins a message. The answer is `message.ack`. */
export interface ClientMessagePin {
  type: "message.pin";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    messageId: string;
    /** whether it is unpinned */
    remove?: boolean;
  };
}

/** Reports that messages are on this device. The answer is `ok` if the frame has an `id`. */
export interface ClientMessageDelivered {
  type: "message.delivered";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    upToSequence?: number;
    /** at most 100; required without `upToSequence` */
    messageIds?: string[];
  };
}

/** Reports that this user has read messages. The answer is `ok` if the frame has an `id`. */
export interface ClientMessageRead {
  type: "message.read";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
    upToSequence?: number;
    /** at most 100; required without `upToSequence` */
    messageIds?: string[];
    /** the message that begins a thread: then `upToOrdinal` says how far that is read, alone */
    threadOf?: string;
    /** of a reply; needed with `threadOf` */
    upToOrdinal?: number;
  };
}

/** Requests the messages that this client has missed. The answer is `sync.result`. */
export interface ClientSync {
  type: "sync";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** at most 500, none twice */
    conversations: Known[];
    /** entries of each conversation, 1 to 100 */
    limit?: number;
    /** where the last sync ended among the conversations that are not listed here */
    newConversationsCursor?: string;
  };
}

/** A conversation that the client has. */
export interface Known {
  conversationId: string;
  /** the last number that the client has; at least 0 */
  lastSequence: number;
}

/** Keeps the connection alive. The answer is `heartbeat`. */
export interface ClientHeartbeat {
  type: "heartbeat";
  /** what the client calls the frame, and its answer */
  id?: string;
}

/** Brings a fresh token of the same user. The answer is `ok`. */
export interface ClientTokenRefresh {
  type: "token.refresh";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    token: string;
  };
}

/** Reports that this user types. The answer is `ok` if the frame has an `id`. */
export interface ClientTypingStart {
  type: "typing.start";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
  };
}

/** Reports that this user no longer types. The answer is `ok` if the frame has an `id`. */
export interface ClientTypingStop {
  type: "typing.stop";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    conversationId: string;
  };
}

/** Watches users. The answer is `presence.bulk`. */
export interface ClientPresenceSubscribe {
  type: "presence.subscribe";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    /** at most 500 a connection */
    userIds: string[];
  };
}

/** Stops watching users. The answer is `ok` if the frame has an `id`. */
export interface ClientPresenceUnsubscribe {
  type: "presence.unsubscribe";
  /** what the client calls the frame, and its answer */
  id?: string;
  payload: {
    userIds: string[];
  };
}

/** Sets the status of this device. The answer is `ok` if the frame has an `id`. */
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

/** The version, limits and features of a server: `GET /api/v1/server`. */
export interface ServerInfo {
  /** `milena` */
  name: string;
  version: string;
  /** the features of this installation; docs/protocol.md lists the levels */
  featureLevel: number;
  /** interval of heartbeats on a socket, in milliseconds */
  heartbeatInterval: number;
  /** the value of each `ServerLimit` by its name; times in milliseconds; a rate of 0 is no limit */
  limits: Record<string, number>;
  /** the values of `content.type` that the server accepts */
  contentTypes: string[];
  features: Features;
  /** what devices can be registered with */
  push: PushOffer;
}

/** The optional features of an installation. */
export interface Features {
  push: boolean;
  search: boolean;
  media: boolean;
  /** whether users may report, and moderators decide */
  moderation: boolean;
  /** whether the chat page can sign users in */
  webSignIn: boolean;
}

/** What devices can be registered with. */
export interface PushOffer {
  /** of `apns`, `fcm` and `webpush`, those that are set up */
  platforms: string[];
  /** left out if it is not set up */
  webpush?: WebPushOffer;
}

/** What browsers subscribe with. */
export interface WebPushOffer {
  /** 65 bytes in base64url */
  publicKey: string;
}

/** A page of the threads that somebody follows, the one with the latest reply first. */
export interface FollowedThreads {
  threads: Line[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** One thread. */
export interface Line {
  conversationId: string;
  /** the message that begins it */
  root: Entry;
  /** replies that the user has not read */
  unreadCount: number;
  /** milliseconds since 1970 */
  lastReplyAt: number;
}

/** The unread messages of a user in all conversations. */
export interface UnreadTotals {
  /** how many have unread messages */
  conversations: number;
  /** unread messages */
  messages: number;
  /** unread messages that mention this user or all */
  mentions: number;
  /** followed threads with unread replies */
  threads: number;
  /** the same for muted conversations */
  muted: Totals;
}

/** The unread messages in some conversations. */
export interface Totals {
  /** how many have unread messages */
  conversations: number;
  /** unread messages */
  messages: number;
  /** unread messages that mention this user or all */
  mentions: number;
  /** followed threads with unread replies */
  threads: number;
}

/** The devices of a user: first the connected ones, then the last seen first. */
export interface Devices {
  devices: DeviceLine[];
}

/** One of them. */
export interface DeviceLine {
  /** the `device_id` that it connects with; `~` and the connection for one without */
  deviceId: string;
  /** whether it is connected; null while presence is paused */
  connected: boolean | null;
  /** when it was last connected, in milliseconds since 1970; null if it never was, or while presence is paused */
  lastSeen: number | null;
  /** when it was first seen or registered, as ISO 8601 */
  createdAt: string;
  /** how it is registered; left out if it is not */
  push?: DevicePush;
}

/** A registration, without its token. */
export interface DevicePush {
  /** `apns`, `fcm` or `webpush` */
  platform: string;
  /** the topic of APNs, or the project of FCM */
  appId?: string;
  /** of APNs: `production` or `sandbox` */
  environment?: string;
  locale?: string;
  timeZone?: string;
  /** as ISO 8601 */
  registeredAt: string;
}

/** The settings of the user. */
export interface UserNotifications {
  /** `all`, `mentions` or `none` */
  level: string;
  /** what a notification shows: `full`, `sender` or `none` */
  preview: string;
  quietHours?: QuietHours;
}

/** The user of the token. */
export interface Me {
  userId: string;
  tenant: string;
  /** `moderator` if the token says so; left out for other users */
  role?: string;
  /** the name of the profile; if no profile was ever set, that of the token */
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object */
  custom?: Record<string, unknown>;
  /** when the profile last changed, in milliseconds since 1970; left out without a profile */
  updatedAt?: number;
  /** whom the user may start conversations with: `anyone`, `contacts` or `host` */
  mayStart: string;
}

/** A page of those whom a user has blocked, in the order of their ids. */
export interface Blocks {
  blocks: BlockLine[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** One of them. */
export interface BlockLine {
  userId: string;
  /** since when, as ISO 8601 */
  createdAt: string;
}

/** Users, in the order of the request. Users whom the caller may not see are left out. */
export interface Users {
  users: UserView[];
}

/** The profile of a user. A user who never set one has only a `userId`. */
export interface UserView {
  userId: string;
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object */
  custom?: Record<string, unknown>;
  /** when it last changed, in milliseconds since 1970 */
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
  /** its members; the creator is added */
  participantIds: string[];
  settings?: SettingsChange;
}

/** Settings of a group. A setting that is left out does not change, or has its default in a new group. */
export interface SettingsChange {
  onlyAdminsCanPost?: boolean;
  allowMemberInvites?: boolean;
  historyVisibleToNewMembers?: boolean;
  onlyAdminsMentionAll?: boolean;
  /** 0 to 86,400 */
  slowModeSeconds?: number;
  premoderation?: boolean;
}

/** A message. */
export interface NewMessage {
  messageId: string;
  content: MessageContent;
  /** in the future; the message is no longer shown from then on */
  expiresAt?: number;
  /** the `messageId` of a message that it quotes */
  replyTo?: string;
  /** the `messageId` of the message in whose thread it is a reply */
  threadOf?: string;
  /** whether a reply is shown among the messages of the conversation too */
  showInConversation?: boolean;
}

/** A message has its number. */
export interface Sent {
  messageId: string;
  conversationId: string;
  sequenceNumber: number;
  timestamp: number;
  /** whether it was accepted before; then the status is 409 */
  duplicate: boolean;
  /** of a reply in a thread: which one it is */
  threadOrdinal?: number;
  /** of a reply: its thread as it is now */
  thread?: ThreadView;
  /** `true` while it waits for a moderator; else left out */
  held?: boolean;
}

/** A report of a message. */
export interface NewReport {
  /** `spam`, `abuse`, `violence`, `illegal` or `other` */
  reason: string;
  /** for moderators, at most 1,000 characters */
  text?: string;
}

/** A message is reported. */
export interface Reported {
  /** whether the user had reported it before */
  duplicate: boolean;
}

/** A change of a message has its number. */
export interface Changed {
  messageId: string;
  conversationId: string;
  sequenceNumber: number;
  timestamp: number;
  /** whether the change was made before */
  duplicate: boolean;
  /** of an edited message */
  revision?: number;
  /** `true` while the edited message waits for a moderator; else left out */
  held?: boolean;
}

/** A new content of a message. */
export interface Edit {
  /** replaces the whole content */
  content: MessageContent;
  /** the revision that the message must have, else `CONFLICT` */
  revision?: number;
}

/** How the user follows a thread. */
export interface Following {
  conversationId: string;
  /** the message that begins it */
  threadOf: string;
  /** the number of that message */
  threadSequence: number;
  /** whether the user follows it */
  followed: boolean;
  /** replies up to this one are read */
  readUpToOrdinal: number;
}

/** How far the user has read; at least one of the two fields. */
export interface ReadMark {
  upToSequence?: number;
  /** at most 100 */
  messageIds?: string[];
  /** the message that begins a thread: then `upToOrdinal` says how far that is read, alone */
  threadOf?: string;
  /** of a reply; needed with `threadOf` */
  upToOrdinal?: number;
}

/** The new read watermark of the user. */
export interface ReadUpTo {
  conversationId: string;
  readUpToSequence: number;
}

/** A mute of a conversation. */
export interface Mute {
  /** in the future; left out to end the mute */
  until?: number;
}

/** Whether a conversation is muted. */
export interface Muted {
  conversationId: string;
  muted: boolean;
  /** left out if it is not muted */
  mutedUntil?: number;
}

/** The user's own state of a conversation. */
export interface PersonalChange {
  /** `true`; it is never taken back */
  accepted?: boolean;
  archived?: boolean;
  pinned?: boolean;
  hidden?: boolean;
  /** a number; null ends it */
  unreadFrom?: number;
  /** a number; a lower one than before changes nothing */
  clearedUpTo?: number;
  /** null ends it */
  draft?: Draft;
}

/** What the user keeps of a conversation now. */
export interface Kept {
  conversationId: string;
  /** whether they have joined in */
  accepted: boolean;
  /** whether it is out of the inbox, until they say otherwise */
  archived: boolean;
  /** whether it stands before the others */
  pinned: boolean;
  /** whether it is out of the inbox until its next message */
  hidden: boolean;
  /** from which number on they want it to count as unread; left out if they do not */
  unreadFrom?: number;
  /** up to which number it is gone for them; left out if nothing is */
  clearedUpTo?: number;
  /** what they have begun to write; left out if there is none */
  draft?: Draft;
}

/** The whole profile of the user. A field that is left out is removed. */
export interface ProfileChange {
  /** at most 100 characters */
  name?: string;
  /** an absolute `http` or `https` URL */
  avatarUrl?: string;
  /** any JSON object, at most 2,048 bytes */
  custom?: Record<string, unknown>;
}

/** All settings of notifications. A field that is left out takes its default. */
export interface NotificationsChange {
  /** `all`, the default, `mentions` or `none` */
  level?: string;
  /** `full`, the default, `sender` or `none` */
  preview?: string;
  quietHours?: QuietHours;
}

/** The level of a conversation. */
export interface LevelChange {
  /** `all`, `mentions` or `none`; null for the settings of the user */
  level?: string;
}

/** The settings of the user for a conversation. */
export interface ConversationNotifications {
  conversationId: string;
  /** `all`, `mentions` or `none`; null for the user's own */
  level: string | null;
  /** what counts of the two */
  effectiveLevel: string;
  /** whether nothing of it is pushed, mentions included */
  muted: boolean;
  /** in milliseconds since 1970; left out if it is not muted */
  mutedUntil?: number;
}

/** A registration for push. */
export interface DeviceRegistration {
  /** `apns`, `fcm` or `webpush` */
  platform: string;
  /** of `apns` and `fcm`: 2 to 200 hexadecimal digits, or 1 to 4,096 characters */
  token?: string;
  /** of `webpush`, as the browser prints it */
  subscription?: Subscription;
  /** of `apns` the topic, of `fcm` the project; may be left out where there is one */
  appId?: string;
  /** of `apns`: `production`, the default, or `sandbox` */
  environment?: string;
  /** BCP 47, at most 35 characters */
  locale?: string;
  /** an IANA time zone */
  timeZone?: string;
  /** the public key that the browser subscribed with */
  vapidKey?: string;
  /** the address that a click opens, of the website that calls; `{conversationId}` in it is replaced */
  navigate?: string;
}

/** A subscription of Web Push. */
export interface Subscription {
  /** `https`, at most 2,048 characters */
  endpoint: string;
  expirationTime?: number;
  keys: SubscriptionKeys;
}

/** The keys of a subscription, in base64url. */
export interface SubscriptionKeys {
  p256dh: string;
  auth: string;
}

/** The user has blocked somebody. */
export interface Blocked {
  userId: string;
  blocked: boolean;
}

/** A change of a group; at least one property. */
export interface ConversationChange {
  name?: string;
  /** an absolute `http` or `https` URL; null removes it */
  avatarUrl?: string;
  /** any JSON object, at most 4,096 bytes; null removes it */
  custom?: Record<string, unknown>;
  settings?: SettingsChange;
}

/** New members of a group. */
export interface NewMembers {
  userIds: string[];
}

/** A member's new role. */
export interface RoleChange {
  /** `admin` or `member` */
  role: string;
}

/** A page of a user's conversations, the one with the latest message first. */
export interface Inbox {
  conversations: InboxLine[];
  hasMore: boolean;
  /** start of the next page; left out on the last page */
  nextCursor?: string;
  /** true if the user has more conversations than the inbox knows; else left out */
  truncated?: boolean;
}

/** A conversation in a user's inbox; the fields of the conversation are beside the others. */
export interface InboxLine {
  conversationId: string;
  /** `direct` or `group` */
  type: string;
  /** the name of a group; in an inbox, for a direct conversation, that of the other user's profile */
  name?: string;
  /** of a group, an absolute `http` or `https` URL; in an inbox, for a direct conversation, that of the other user's profile */
  avatarUrl?: string;
  /** of a group, any JSON object */
  custom?: Record<string, unknown>;
  /** the first 100 in the order of user ids */
  participants: Person[];
  memberCount: number;
  /** of a group */
  settings?: GroupSettings;
  /** the number of its newest event */
  lastSequence: number;
  /** ISO 8601 */
  createdAt: string;
  /** the newest message that is shown; null without one */
  lastMessage: Entry | null;
  /** messages that the user can read and has not read */
  unreadCount: number;
  /** unread messages that mention this user or all */
  unreadMentions: number;
  /** the number of the first unread message; left out without one */
  firstUnreadSequence?: number;
  /** whether the user has muted it */
  muted: boolean;
  /** milliseconds since 1970; left out if it is not muted */
  mutedUntil?: number;
  personal: Personal;
  /** the order of the inbox; milliseconds since 1970 */
  lastEventAt: number;
}

/** What somebody keeps of a conversation for themselves. */
export interface Personal {
  /** whether they have joined in */
  accepted: boolean;
  /** whether it is out of the inbox, until they say otherwise */
  archived: boolean;
  /** whether it stands before the others */
  pinned: boolean;
  /** whether it is out of the inbox until its next message */
  hidden: boolean;
  /** from which number on they want it to count as unread; left out if they do not */
  unreadFrom?: number;
  /** up to which number it is gone for them; left out if nothing is */
  clearedUpTo?: number;
  /** what they have begun to write; left out if there is none */
  draft?: Draft;
}

/** A page of a conversation's timeline. */
export interface History {
  messages: Entry[];
  /** whether there may be an entry beyond */
  hasMore: boolean;
  /** the numbers of this page that are no longer shown */
  expired: NumberRange[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** A page of the reactions to a message, in the order of user ids. */
export interface MessageReactions {
  reactions: ReactionLine[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** A user has an emoji on the message. */
export interface ReactionLine {
  userId: string;
  emoji: string;
  /** since when, in milliseconds since 1970 */
  timestamp: number;
}

/** A page of how far a message has come with members other than its sender, in the order of user ids. */
export interface MessageReceipts {
  receipts: MessageReceiptLine[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** How far the message has come with one member. */
export interface MessageReceiptLine {
  userId: string;
  /** whether it is on a device of the member */
  delivered: boolean;
  /** whether the member has read it */
  read: boolean;
}

/** A page of a conversation's members, in the order of user ids. */
export interface Members {
  members: MemberLine[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** One member. */
export interface MemberLine {
  userId: string;
  /** `admin` or `member` */
  role: string;
  /** milliseconds since 1970 */
  joinedAt: number;
  /** of the profile */
  name?: string;
  /** of the profile */
  avatarUrl?: string;
}

/** The pinned messages of a conversation that the reader may read, in the order of their numbers. */
export interface Pins {
  pins: Entry[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** A page of the watermarks of members, in the order of user ids. */
export interface Receipts {
  receipts: ReceiptLine[];
  /** start of the next page; left out on the last page */
  nextCursor?: string;
}

/** The watermarks of one member. */
export interface ReceiptLine {
  userId: string;
  deliveredUpToSequence: number;
  deliveredAt?: number;
  readUpToSequence: number;
  readAt?: number;
}

/** The position of a client in its conversations; the answer is what it missed since. */
export interface SyncQuestion {
  /** at most 500, none twice */
  conversations: Known[];
  /** entries of each conversation, 1 to 100 */
  limit?: number;
  /** where the last sync ended among the conversations that are not listed here */
  newConversationsCursor?: string;
}

/** What a client has missed. */
export interface SyncResult {
  /** the conversations of the request */
  conversations: SyncedConversation[];
  /** other conversations, the one with the latest message first, at most 500 */
  newConversations: ConversationView[];
  /** for the next sync; left out if there are no more */
  newConversationsCursor?: string;
  /** true if the user has more of these than the inbox knows; else left out */
  truncated?: boolean;
  /** ids of the conversations that the user may not read */
  denied: string[];
  /** the time of the answer, in milliseconds since 1970 */
  serverTime: number;
}

/** A ban. */
export interface NewBan {
  /** left out for all conversations of the tenant */
  conversationId?: string;
  /** in the future; left out if the ban does not end by itself */
  until?: number;
  /** 1 to 200 characters */
  reason: string;
}

/** A ban. */
export interface BanLine {
  userId: string;
  /** left out if it is about all conversations */
  conversationId?: string;
  /** left out if it does not end by itself */
  until?: number;
  reason: string;
  bannedBy: string;
  /** when it was made */
  timestamp: number;
}

/** The bans of a tenant that hold, in the order of user ids. */
export interface Bans {
  bans: BanLine[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** Messages that users have reported, rules have flagged or moderators have decided on, the one that was first in the queue first. */
export interface ReportQueue {
  reports: ReportedLine[];
  /** where the next page begins; left out on the last page */
  nextCursor?: string;
}

/** A message. */
export interface ReportedLine {
  conversationId: string;
  messageId: string;
  /** `open`, also if it was reported or flagged again after the decision, or `decided` */
  state: string;
  /** `true` while it waits before others are shown it; else left out */
  held?: boolean;
  /** its entry as it is now; left out if it is no longer shown */
  message?: Entry;
  /** the entries around it */
  context: Context;
  /** at most 100, oldest first */
  reports: ReportLine[];
  /** what rules found, at most 100, oldest first */
  flags: FlagLine[];
  /** what was reported or flagged first, while the message is open; left out after 30 days, or as the operator has set */
  evidence?: Evidence;
  /** the same of the latest other revision that was reported or flagged */
  latestEvidence?: Evidence;
  /** the one that holds */
  decision?: DecisionLine;
}

/** At most five entries on each side, oldest first. */
export interface Context {
  before: Entry[];
  after: Entry[];
}

/** A report. */
export interface ReportLine {
  userId: string;
  /** `spam`, `abuse`, `violence`, `illegal` or `other` */
  reason: string;
  text?: string;
  timestamp: number;
}

/** What a rule found. */
export interface FlagLine {
  /** its name; `classifier` for the classifier of the tenant */
  rule: string;
  /** of the rules */
  version: number;
  /** what the classifier calls it; left out for rules */
  label?: string;
  timestamp: number;
}

/** A copy of the content of a message, whatever became of the message. */
export interface Evidence {
  content: MessageContent;
  /** of the message then */
  revision: number;
  timestamp: number;
}

/** A decision. */
export interface DecisionLine {
  action: string;
  /** of a ban: when it ends by itself */
  until?: number;
  /** of a ban: `tenant` or `conversation` */
  scope?: string;
  /** of a ban, as the author of the message was sent it; left out for a general one */
  reason?: string;
  /** of a warning, as the author of the message was sent it */
  text?: string;
  /** for moderators */
  note?: string;
  /** a moderator, or `moderation` for a rule */
  decidedBy: string;
  timestamp: number;
}

/** A decision of a moderator on a message. */
export interface NewDecision {
  conversationId: string;
  messageId: string;
  /** `remove`, `dismiss`, `warn`, `ban`, and of a held message `release` or `reject` */
  action: string;
  /** of `ban`: in the future; left out if the ban does not end by itself */
  until?: number;
  /** of `ban`: `tenant`, the default, or `conversation` */
  scope?: string;
  /** of `ban`: for the author, 1 to 200 characters; `decision on a message` if left out */
  reason?: string;
  /** of `warn`: for the author of the message, at most 1,000 characters */
  text?: string;
  /** for moderators, at most 1,000 characters */
  note?: string;
  /** the revision that the message must have, else `CONFLICT`; left out for any */
  revision?: number;
}

/** A moderator has decided on a message. */
export interface Decided {
  decisionId: string;
  conversationId: string;
  messageId: string;
  action: string;
  /** of a ban: when it ends by itself */
  until?: number;
  decidedBy: string;
  timestamp: number;
  /** whether that was decided before */
  duplicate: boolean;
}

/** The answer to a rejected call; with `DUPLICATE_MESSAGE`, also what the first send was answered. */
export interface CallRefused {
  error: "INVALID_MESSAGE" | "INVALID_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN" | "CONVERSATION_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "DUPLICATE_MESSAGE" | "CONFLICT" | "IDEMPOTENCY_MISMATCH" | "TOO_LARGE" | "RATE_LIMITED" | "UNAVAILABLE";
  /** for developers; starts with the path of the wrong field */
  message: string;
  /** in whole seconds, as in the header `Retry-After` */
  retryAfter?: number;
  /** with `RATE_LIMITED`: the limit in words */
  limit?: string;
  /** with `UNAUTHORIZED`: the reason of the close code 4401, such as `token expired` */
  reason?: string;
  messageId?: string;
  conversationId?: string;
  sequenceNumber?: number;
  timestamp?: number;
  /** whether it was accepted before; then the status is 409 */
  duplicate?: boolean;
  /** of a reply in a thread: which one it is */
  threadOrdinal?: number;
  /** of a reply: its thread as it is now */
  thread?: ThreadView;
  /** `true` while it waits for a moderator; else left out */
  held?: boolean;
  /** with `CONFLICT`: the revision that the message has */
  revision?: number;
  /** with `CONFLICT`: the key that browsers must subscribe with */
  publicKey?: string;
  /** true */
  banned?: boolean;
  /** when it ends, in milliseconds since 1970; left out if it does not */
  until?: number;
}
