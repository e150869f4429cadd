import type { Warned } from "../src/core/standing.js";
import type { ClientStorage, OutboxEntry } from "../src/core/types.js";
import { storageIn, type OpenStorage, type StoredConversation, type StoredEntry } from "../src/outbox/index.js";

/** A storage in memory that outlives a client, for tests. */
export function memoryStorage(): ClientStorage {
  let deviceId: string | null = null;
  const conversations = new Map<string, StoredConversation>();
  const entries = new Map<string, StoredEntry>();
  const outbox = new Map<string, OutboxEntry>();
  let warned: Warned | undefined;
  const inRange = (id: string, from: number, to: number) =>
    [...entries].filter(([, entry]) => entry.conversationId === id && entry.sequenceNumber >= from && entry.sequenceNumber <= to);
  const store: OpenStorage = {
    load: async () => ({
      warned, conversations: [...conversations.values()], outbox: [...outbox.values()].sort((a, b) => a.order - b.order),
    }),
    kept: async (id) => {
      const kept = conversations.get(id)?.kept;
      return kept
        ? { ...kept, entries: inRange(id, kept.from, kept.to).map(([, entry]) => entry).sort((a, b) => a.sequenceNumber - b.sequenceNumber) }
        : null;
    },
    keepDeviceId: async (made) => (deviceId ??= made),
    write: async (given) => {
      const change = given;
      change.dropped?.forEach(({ conversationId, from, to }) => inRange(conversationId, from, to).forEach(([key]) => entries.delete(key)));
      change.forgotten?.forEach((id) => {
        conversations.delete(id);
        inRange(id, 0, Infinity).forEach(([key]) => entries.delete(key));
      });
      change.conversations?.forEach((one) => conversations.set(one.conversationId, one));
      change.entries?.forEach((one) => entries.set(`${one.conversationId} ${one.sequenceNumber}`, one));
      change.outbox?.forEach((one) => outbox.set(one.messageId, one));
      change.sent?.forEach((id) => outbox.delete(id));
      warned = change.warned ?? warned;
    },
    wipe: async () => {
      conversations.clear();
      entries.clear();
      outbox.clear();
      warned = undefined;
    },
    close: () => {},
  };
  return storageIn({ open: async () => store });
}
