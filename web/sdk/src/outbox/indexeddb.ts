import type { Warned } from "../core/standing.js";
import type { ClientStorage, OutboxEntry } from "../core/types.js";
import { storageIn } from "./keeper.js";
import type { OpenStorage, StorageChange, StoredConversation, StoredEntry } from "./types.js";

const VERSION = 1;
/** Opening waits for other tabs to let go of an older version; longer than that, the client goes on without. */
const OPEN_WITHIN_MS = 5_000;

/** Keeps the outbox and what was read in IndexedDB, one database for each server, tenant and user. */
export function indexedDbStorage(given?: IDBFactory): ClientStorage {
  return storageIn({
    async open(scope) {
      // Where it is forbidden, even to look at it may throw.
      const factory = given ?? (globalThis.indexedDB as IDBFactory | undefined);
      if (!factory) {
        throw new Error("there is no IndexedDB here");
      }
      return new Database(factory, scope, await openDatabase(factory, scope));
    },
  });
}

function openDatabase(factory: IDBFactory, scope: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("IndexedDB does not open")), OPEN_WITHIN_MS);
    const request = factory.open(scope, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("meta");
      database.createObjectStore("conversations", { keyPath: "conversationId" });
      database.createObjectStore("entries", { keyPath: ["conversationId", "sequenceNumber"] });
      database.createObjectStore("outbox", { keyPath: "messageId" });
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("IndexedDB does not open"));
    };
  });
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB gave up a transaction"));
  });
}

class Database implements OpenStorage {
  constructor(
    private readonly factory: IDBFactory,
    private readonly scope: string,
    private readonly database: IDBDatabase,
  ) {
    // Somebody deletes it or brings a later version: this one lets go, and its next write fails.
    database.onversionchange = () => database.close();
  }

  async load(): Promise<{ conversations: StoredConversation[]; outbox: OutboxEntry[]; warned?: Warned }> {
    const transaction = this.database.transaction(["meta", "conversations", "outbox"]);
    const [warned, conversations, outbox] = await Promise.all([
      result(transaction.objectStore("meta").get("warned")) as Promise<Warned | undefined>,
      result(transaction.objectStore("conversations").getAll()),
      result(transaction.objectStore("outbox").getAll()),
    ]);
    return {
      warned,
      conversations: conversations as StoredConversation[],
      outbox: (outbox as OutboxEntry[]).sort((a, b) => a.order - b.order),
    };
  }

  async kept(conversationId: string): Promise<{ from: number; to: number; entries: StoredEntry[] } | null> {
    const transaction = this.database.transaction(["conversations", "entries"]);
    const range = rangeOf(conversationId, 0, Infinity);
    const [conversation, entries] = await Promise.all([
      result(transaction.objectStore("conversations").get(conversationId)) as Promise<StoredConversation | undefined>,
      result(transaction.objectStore("entries").getAll(range)) as Promise<StoredEntry[]>,
    ]);
    const kept = conversation?.kept;
    return kept
      ? { ...kept, entries: entries.filter((entry) => entry.sequenceNumber >= kept.from && entry.sequenceNumber <= kept.to) }
      : null;
  }

  async keepDeviceId(made: string): Promise<string> {
    const transaction = this.database.transaction("meta", "readwrite");
    const meta = transaction.objectStore("meta");
    const kept = (await result(meta.get("deviceId"))) as string | undefined;
    if (kept === undefined) {
      meta.put(made, "deviceId");
    }
    await done(transaction);
    return kept ?? made;
  }

  async write(change: StorageChange): Promise<void> {
    // Strict: what a message's sender was shown as kept must outlive a crash of the machine.
    const durability = change.outbox ? "strict" : "relaxed";
    const transaction = this.database.transaction(["meta", "conversations", "entries", "outbox"], "readwrite", { durability });
    const conversations = transaction.objectStore("conversations");
    const entries = transaction.objectStore("entries");
    const outbox = transaction.objectStore("outbox");
    change.dropped?.forEach(({ conversationId, from, to }) => entries.delete(rangeOf(conversationId, from, to)));
    change.forgotten?.forEach((conversationId) => {
      conversations.delete(conversationId);
      entries.delete(rangeOf(conversationId, 0, Infinity));
    });
    change.conversations?.forEach((conversation) => conversations.put(conversation));
    change.entries?.forEach((entry) => entries.put(entry));
    change.outbox?.forEach((entry) => outbox.put(entry));
    change.sent?.forEach((messageId) => outbox.delete(messageId));
    if (change.warned) {
      transaction.objectStore("meta").put(change.warned, "warned");
    }
    await done(transaction);
  }

  async wipe(): Promise<void> {
    this.database.close();
    await result(this.factory.deleteDatabase(this.scope));
  }

  close(): void {
    this.database.close();
  }
}

function rangeOf(conversationId: string, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([conversationId, from], [conversationId, to]);
}
