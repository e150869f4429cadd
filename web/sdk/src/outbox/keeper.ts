import type { Engine } from "../core/engine.js";
import type { ClientStorage, Keeping } from "../core/parts.js";
import type { Room } from "../core/room.js";
import type { Line } from "../core/rules/line.js";
import type { Run } from "../core/rules/pages.js";
import type { Step } from "../core/rules/sequence.js";
import type { Window } from "../core/rules/window.js";
import type { Warned } from "../core/standing.js";
import type { OutboxEntry, TimelineItem } from "../core/types.js";
import { evicted, keep, type Kept } from "./kept.js";
import type { OpenStorage, Storage, StorageChange, StoredEntry } from "./types.js";

const FLUSH_MS = 300;
const NUMBERS_MAX = 20_000;
const CONVERSATIONS_MAX = 2_000;
/** Items that wait to be written; beyond it what is kept of all conversations begins afresh. */
const WAITING_MAX = 5_000;

/** Keeps what is worth it in a storage of one's own, such as a file in Node. */
export function storageIn(storage: Storage): ClientStorage {
  return { attach: (engine) => new Keeper(engine, storage) };
}

/** Writes what is worth keeping to the storage, if there is one. What fails once is not tried again: memory alone is left. */
export class Keeper implements Keeping {
  private store: OpenStorage | null = null;
  private runs = new Map<string, Kept>();
  private readonly dirty = new Set<Room>();
  private items = new Map<string, StoredEntry>();
  private dropped: NonNullable<StorageChange["dropped"]> = [];
  private forgotten: string[] = [];
  private timer: unknown = null;
  private writing: Promise<void> = Promise.resolve();
  private opened: Promise<void> = Promise.resolve();

  constructor(private readonly engine: Engine, private readonly storage: Storage) {}

  get isDurable(): boolean {
    return this.store !== null;
  }

  /** Opens the storage and puts what it has into the engine. */
  open(scope: string, keepsDeviceId: boolean): Promise<void> {
    this.opened = this.load(scope, keepsDeviceId);
    return this.opened;
  }

  private async load(scope: string, keepsDeviceId: boolean): Promise<void> {
    try {
      const store = await this.storage.open(scope);
      const { conversations, outbox, warned } = await store.load();
      if (keepsDeviceId) {
        this.engine.deviceId = await store.keepDeviceId(this.engine.deviceId);
      }
      this.store = store;
      for (const { conversationId, line, upTo, kept, read, readWaits } of conversations) {
        const room = this.engine.room(conversationId);
        if (room.line) {
          continue;
        }
        room.resume(line as Line, upTo, read);
        if (kept) {
          this.runs.set(conversationId, kept);
        }
        if (readWaits) {
          this.engine.receipts.read(conversationId, read);
        }
      }
      // What was sent before there was a storage is kept from now on.
      this.outbox({ outbox: this.engine.sender.all() });
      this.engine.sender.load(outbox);
      if (warned) {
        this.engine.stood.begins(warned);
      }
      this.engine.changedLine();
      this.engine.connectionChanged();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Another tab wrote until now: what it kept is begun afresh. */
  takeOver(): void {
    for (const [conversationId, run] of this.runs) {
      this.dropped.push({ conversationId, ...run });
    }
    this.runs.clear();
  }

  applied(room: Room, from: number, to: number, steps: readonly Step[]): void {
    this.take(room, { from, to }, steps);
  }

  page(room: Room, run: Run): void {
    if (run.to >= run.from && run.to <= room.sequence.upTo) {
      this.take(room, run, run.steps);
    }
  }

  private take(room: Room, run: Kept, steps: readonly Step[]): void {
    if (!this.writes) {
      return;
    }
    const { kept, dropped, takes } = keep(this.runs.get(room.id) ?? null, run);
    if (!takes) {
      return;
    }
    this.runs.set(room.id, { from: kept.from, to: kept.to });
    this.drop(room.id, dropped);
    for (const { n, item } of steps) {
      if (item && n >= kept.from) {
        this.put(room.id, n, item);
      }
    }
    this.touched(room);
  }

  altered(room: Room, item: TimelineItem): void {
    const run = this.runs.get(room.id);
    const n = item.sequenceNumber!;
    if (this.writes && run && n >= run.from && n <= run.to) {
      this.put(room.id, n, item);
      this.touched(room);
    }
  }

  private put(conversationId: string, sequenceNumber: number, entry: TimelineItem): void {
    this.items.set(`${sequenceNumber} ${conversationId}`, { conversationId, sequenceNumber, entry });
    if (this.items.size > WAITING_MAX) {
      this.items.clear();
      this.takeOver();
    }
  }

  private drop(conversationId: string, runs: Kept[]): void {
    for (const { from, to } of runs) {
      this.dropped.push({ conversationId, from, to });
    }
  }

  restart(room: Room): void {
    const run = this.runs.get(room.id);
    if (run) {
      this.runs.delete(room.id);
      this.drop(room.id, [run]);
      this.touched(room);
    }
  }

  forget(room: Room): void {
    this.runs.delete(room.id);
    this.dirty.delete(room);
    this.forgotten.push(room.id);
    this.later();
  }

  touched(room: Room): void {
    if (this.writes) {
      this.dirty.add(room);
      this.later();
    }
  }

  /** What is kept of a conversation's messages; null if nothing. */
  async kept(room: Room): Promise<Window | null> {
    // A page may ask for a conversation before the storage is open.
    await this.opened;
    await this.flush();
    try {
      const found = await this.store?.kept(room.id);
      const items = found?.entries.map((stored) => stored.entry as TimelineItem) ?? [];
      return found && items.length > 0 ? { items, from: found.from, to: found.to, hasOlder: found.from > 1, hasNewer: false } : null;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Writes a message that waits, or takes out one that does no longer, in the order of the calls. */
  outbox(change: { outbox?: OutboxEntry[]; sent?: string[] }): void {
    void this.write(change);
  }

  warned(warned: Warned): void {
    void this.write({ warned });
  }

  async wipe(): Promise<void> {
    const store = this.store;
    this.store = null;
    this.stopTimer();
    await this.writing;
    await store?.wipe().catch(() => {});
    store?.close();
    this.runs.clear();
    this.items.clear();
  }

  private get writes(): boolean {
    return this.store !== null && this.engine.leads;
  }

  private later(): void {
    if (this.store) {
      this.timer ??= this.engine.clock.setTimeout(() => void this.flush(), FLUSH_MS);
    }
  }

  private stopTimer(): void {
    this.engine.clock.clearTimeout(this.timer);
    this.timer = null;
  }

  flush(): Promise<void> {
    this.stopTimer();
    if (!this.writes) {
      return this.writing;
    }
    this.bound();
    const conversations = [...this.dirty].filter((room) => room.line && !room.left).map((room) => ({
      conversationId: room.id, line: room.line, upTo: room.sequence.upTo, kept: this.runs.get(room.id) ?? null,
      read: room.read, readWaits: this.engine.receipts.waits(room.id),
    }));
    const change: StorageChange = { conversations, entries: [...this.items.values()], dropped: this.dropped, forgotten: this.forgotten };
    this.dirty.clear();
    this.items = new Map();
    this.dropped = [];
    this.forgotten = [];
    return this.write(change);
  }

  private bound(): void {
    const runs = [...this.runs].map(([id, run]) => ({ id, ...run, lastEventAt: this.engine.room(id).line?.lastEventAt ?? 0 }));
    for (const { id } of evicted(runs, NUMBERS_MAX)) {
      this.restart(this.engine.room(id));
    }
    const rooms = this.engine.rooms.all();
    if (rooms.length > CONVERSATIONS_MAX) {
      rooms.sort((a, b) => (b.line?.lastEventAt ?? 0) - (a.line?.lastEventAt ?? 0)).slice(CONVERSATIONS_MAX).forEach((room) => this.forget(room));
    }
    this.stopTimer();
  }

  private write(change: StorageChange): Promise<void> {
    this.writing = this.writing.then(() => this.store?.write(change)).catch((error: unknown) => this.fail(error));
    return this.writing;
  }

  private fail(error: unknown): void {
    this.engine.debug("storage failed", { name: error instanceof Error ? error.name : "unknown" });
    this.store?.close();
    this.store = null;
    this.engine.connectionChanged();
  }
}
