import { useMemo, useSyncExternalStore } from "react";
import type {
  Client, ConnectionState, Conversation, ConversationList, Presence, Store, Timeline, Unread,
} from "../core/types.js";

const NOTHING: Store<null> = { subscribe: () => () => {}, getSnapshot: () => null };
const NO_LIST: ConversationList = { items: [], archived: [], loaded: false, truncated: false };
const NO_ITEMS: Timeline = { items: [], hasOlder: false, hasNewer: false, loaded: false, loading: null, error: null };
const NO_UNREAD: Unread = { conversations: 0, messages: 0, mentions: 0, mutedConversations: 0, mutedMessages: 0, mutedMentions: 0 };
const NOBODY: readonly string[] = [];
const NOT_CONNECTED: ConnectionState = {
  status: "idle", upToDate: false, retryAt: null, closeCode: null, stopReason: null, transport: null, featureLevel: 0, waitingMessages: 0,
  failedMessages: 0, durable: false, userId: null, lastError: null,
};

/** What a store has; on a server, and while a page is taken over from one, `empty`. */
export function useStore<T>(store: Store<T>, empty: T): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => empty);
}

export function useConnection(client: Client): ConnectionState {
  return useStore(client.connection, NOT_CONNECTED);
}

export function useConversations(client: Client): ConversationList {
  return useStore(client.conversations, NO_LIST);
}

export function useUnread(client: Client): Unread {
  return useStore(client.unread, NO_UNREAD);
}

/** The messages of a conversation, and its handle to send with; null where no conversation is chosen. */
export function useMessages(client: Client, conversationId: string | null): { timeline: Timeline; conversation: Conversation | null } {
  const conversation = useMemo(() => (conversationId === null ? null : client.conversation(conversationId)), [client, conversationId]);
  const timeline = useStore<Timeline | null>(conversation?.messages ?? NOTHING, null);
  return { timeline: timeline ?? NO_ITEMS, conversation };
}

/** Who else types in a conversation. */
export function useTyping(client: Client, conversationId: string | null): readonly string[] {
  const store = conversationId === null ? NOTHING : client.conversation(conversationId).typists;
  return useStore<readonly string[] | null>(store, null) ?? NOBODY;
}

/** How somebody is; watched while it is shown. */
export function usePresence(client: Client, userId: string | null): Presence | null {
  return useStore<Presence | null>(userId === null ? NOTHING : client.presence(userId), null);
}
