import { Calls } from "./calls.js";
import { CatchUp } from "./catchup.js";
import { Connection, type ConnectionStatus } from "./connection.js";
import { ConversationHandle } from "./conversation.js";
import { MilenaError } from "./errors.js";
import type { Frame } from "./link/link.js";
import { People } from "./people.js";
import type { ConversationView, History } from "./protocol.js";
import { Receipts } from "./receipts.js";
import type { Keeping, SharedState, Sharing } from "./parts.js";
import { Room } from "./room.js";
import type { Patch } from "./rules/patch.js";
import { Sender, type OutboxNews } from "./sender.js";
import { Cell, Notices } from "./store.js";
import { Tokens, type Claims } from "./tokens.js";
import type {
  ClientOptions, Clock, Conversation, ConversationList, ConnectionState, DebugEvent, TimelineItem, TransportName, Unread,
} from "./types.js";
import { Wire } from "./wire.js";

const OUTBOX_MAX = 1_000;
const TIMELINE_MAX = 100_000;
/** Conversations in memory; beyond it those are let go that nobody looks at, longest without an event first. */
const ROOMS_MAX = 4_000;
/** Timelines in memory that nobody looks at. */
const WINDOWS_MAX = 20;

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** All parts of a client, and what they have in common. */
export class Engine {
  readonly notices = new Notices();
  readonly clock: Clock;
  readonly random: () => number;
  readonly timelineMax: number;
  readonly calls: Calls;
  readonly keeper: Keeping | undefined;
  readonly sender: Sender;
  readonly receipts: Receipts;
  readonly catchUp: CatchUp;
  readonly people: People;
  readonly connection: Cell<ConnectionState>;
  readonly conversations: Cell<ConversationList>;
  readonly unread: Cell<Unread>;
  me: string | null;
  deviceId: string;

  private tenant: string;
  private readonly server: string;
  private readonly tokens: Tokens;
  private readonly link: Connection;
  private readonly relay: Sharing | undefined;
  private wire: Wire;
  private readonly allRooms = new Map<string, Room>();
  private readonly handles = new Map<Room, Conversation>();
  private readonly windows = new Set<Room>();
  private readonly itemListeners = new Set<(item: TimelineItem, conversation: Conversation) => void>();
  private status: ConnectionStatus = { status: "idle" };
  private lastError: MilenaError | null = null;
  private connected: Frame | null = null;
  private transport: TransportName | null = null;
  private storeOpened: Promise<void> | null = null;
  private joined: Promise<void> | null = null;
  private known = false;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.random = options.random ?? Math.random;
    this.timelineMax = options.timelineMax ?? TIMELINE_MAX;
    this.server = (options.server ?? globalThis.location?.origin ?? "").replace(/\/+$/, "");
    this.me = options.user?.userId ?? null;
    this.tenant = options.user?.tenant ?? "default";
    this.deviceId = options.deviceId ?? this.uuid();
    if (!/^https?:\/\//.test(this.server) || !/^[A-Za-z0-9_.-]{1,64}$/.test(this.deviceId)) {
      throw new TypeError("server: an http or https address; deviceId: 1 to 64 of A-Z a-z 0-9 _ . -");
    }
    const fetcher: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.tokens = new Tokens(options.token, this.clock, (claims) => this.accept(claims));
    this.calls = new Calls(this.server, this.tokens, fetcher, this.clock, this.random);
    this.keeper = options.storage?.attach(this);
    this.sender = new Sender(this, options.outboxMax ?? OUTBOX_MAX);
    this.receipts = new Receipts(this);
    this.catchUp = new CatchUp(this);
    this.people = new People(this);
    this.connection = new Cell(this.notices, () => this.connectionState());
    this.conversations = new Cell(this.notices, () => this.list());
    this.unread = new Cell(this.notices, () => this.countUnread());
    this.relay = options.tabs?.attach({
      joined: (tabId) => (this.wire = this.newWire(`${tabId}:`)),
      lead: () => this.lead(),
      state: (state) => this.shared(state),
      frame: (frame) => this.frame(frame),
      news: (news) => this.news(news),
      send: (frame) => this.transmit(frame),
      visible: (any) => this.people.say(any ? "online" : "away"),
      present: () => ({ connected: this.connected, transport: this.transport, status: this.status }),
    });
    this.wire = this.newWire("");
    this.link = new Connection(
      this.server, options.transports ?? ["websocket", "events", "poll"], () => this.deviceId, this.tokens,
      { fetcher, webSocket: options.webSocket ?? globalThis.WebSocket, clock: this.clock }, this.random,
      {
        prepare: () => this.prepare(),
        up: (connected, transport) => {
          this.relay?.up();
          this.isUp(connected, transport);
          this.relay?.changed();
        },
        frame: (frame) => this.arrived(frame),
        down: () => {
          this.isDown();
          this.relay?.changed();
        },
        status: (status, error) => {
          this.status = status;
          this.lastError = error ?? (status.status === "online" ? null : this.lastError);
          this.connectionChanged();
          this.relay?.changed();
        },
        wipe: () => void this.wipe(),
        debug: (what, fields) => this.debug(what, fields),
        awaitedSince: () => this.wire.awaitedSince(),
      },
    );
    if (this.me !== null) {
      void this.openStore();
    }
  }

  // ---- life

  start(): void {
    this.link.start();
  }

  stop(): void {
    void this.keeper?.flush();
    this.link.stop();
    this.isDown();
    this.relay?.leave();
    this.joined = null;
  }

  /** Forgets everything of this user, in all tabs. */
  wipe(): Promise<void> {
    this.tell({ signedOut: true });
    return this.forget();
  }

  private forget(): Promise<void> {
    this.tokens.forget();
    this.link.forgetPlace();
    this.allRooms.clear();
    this.handles.clear();
    this.windows.clear();
    this.changedLine();
    return this.keeper?.wipe() ?? Promise.resolve();
  }

  /** The network is back, or the page is shown. */
  nudge(): void {
    this.link.tryNow();
  }

  show(visible: boolean): void {
    if (this.relay) {
      this.relay.show(visible);
    } else {
      this.people.say(visible ? "online" : "away");
    }
    if (visible) {
      this.nudge();
    }
  }

  private accept(claims: Claims | null): void {
    if (!claims || (this.me !== null && (claims.userId !== this.me || (this.known && claims.tenant !== this.tenant)))) {
      throw new MilenaError("UNAUTHORIZED", claims ? "the token is another user's" : "the token cannot be read");
    }
    this.known = true;
    this.me = claims.userId;
    this.tenant = claims.tenant;
    this.connectionChanged();
  }

  /** Opens what is kept, and waits until this tab holds the connection. */
  private prepare(): Promise<void> {
    this.joined ??= this.openStore().then(() => this.relay?.join(this.scope));
    return this.joined;
  }

  private openStore(): Promise<void> {
    this.storeOpened ??= this.keeper?.open(this.scope, this.options.deviceId === undefined) ?? Promise.resolve();
    return this.storeOpened;
  }

  private get scope(): string {
    return `milena ${this.server} ${this.tenant} ${this.me}`;
  }

  private lead(): void {
    this.isDown();
    this.status = { status: "connecting" };
    this.keeper?.takeOver();
    this.connectionChanged();
  }

  private newWire(prefix: string): Wire {
    return new Wire(prefix, this.clock, (frame) => (this.relay ? this.relay.send(frame) : this.transmit(frame)));
  }

  get leads(): boolean {
    return this.relay?.leads ?? true;
  }

  // ---- frames

  private transmit(frame: Frame): void {
    if (this.link.sends) {
      this.link.send(frame);
    } else if (this.connected) {
      void import("./link/rest.js").then(({ byRest }) => byRest(this.calls, frame)).then((answer) => this.arrived(answer));
    }
  }

  private arrived(frame: Frame): void {
    if (this.relay?.came(frame) ?? true) {
      this.frame(frame);
    }
  }

  /** Sends a frame whose answer does not matter; nothing is sent without a connection. */
  say(frame: Frame): void {
    if (this.isOnline()) {
      this.wire.tell(frame);
    }
  }

  /** Sends a frame and gives its answer; rejects with a `MilenaError`. */
  ask(frame: Frame): Promise<Frame> {
    return this.isOnline() ? this.wire.ask(frame) : Promise.reject(new MilenaError("UNAVAILABLE", "there is no connection"));
  }

  isOnline(): boolean {
    return this.connected !== null;
  }

  get featureLevel(): number {
    return this.connected ? Number(this.connected.featureLevel) || 1 : 0;
  }

  private isUp(connected: Frame, transport: TransportName): void {
    if (this.connected) {
      this.isDown();
    }
    this.connected = connected;
    this.transport = transport;
    this.catchUp.up(connected.resumed === true);
    this.sender.pump();
    this.receipts.later();
    this.people.up();
    this.followAll();
    this.connectionChanged();
  }

  private isDown(): void {
    this.connected = null;
    this.catchUp.cut();
    this.sender.cut();
    this.wire.cut();
    this.people.cut();
    this.connectionChanged();
  }

  /** As a follower: the tab that leads has a connection, or none. */
  private shared({ connected, transport, status }: SharedState): void {
    const was = this.connected;
    this.status = status as ConnectionStatus;
    if (connected && connected.connectionId !== was?.connectionId) {
      // Frames of before this tab came were not heard.
      this.isUp(was || this.heardAll ? connected : { ...connected, resumed: false }, transport as TransportName);
      this.heardAll = true;
    } else if (!connected && was) {
      this.isDown();
    }
    this.connectionChanged();
  }

  private heardAll = false;

  private frame(frame: Frame): void {
    if (this.wire.answered(frame)) {
      return;
    }
    const { payload } = frame;
    try {
      if (frame.type === "resync") {
        this.catchUp.resync((payload.conversationIds as string[]).map((id) => this.room(id)));
      } else if (frame.type === "presence.update") {
        this.people.update(payload);
      } else if (typeof payload?.conversationId === "string") {
        const room = this.room(payload.conversationId);
        this.catchUp.saw(room);
        room.receive(frame);
      } else if (frame.type === "error") {
        this.debug("refused", { code: String(payload?.error) });
      }
    } catch (error) {
      // A frame that is not what it should be must not end the others; its number is a gap, which is fetched.
      this.debug("frame failed", { type: frame.type, name: error instanceof Error ? error.name : "unknown" });
    }
  }

  tell(news: unknown): void {
    this.relay?.tell(news);
  }

  private news(news: unknown): void {
    const said = news as OutboxNews | { signedOut: true } | { conversationId: string; patch?: Patch; sequenceNumber: number; read?: number };
    if ("news" in said) {
      this.sender.heard(said);
    } else if ("signedOut" in said) {
      this.stop();
      this.status = { status: "stopped", stopReason: "signed-out" };
      void this.forget();
      this.connectionChanged();
    } else if (said.patch) {
      this.room(said.conversationId).ackedPatch(said.patch, said.sequenceNumber);
    } else if (said.read) {
      this.room(said.conversationId).hasRead(said.read);
    }
  }

  // ---- conversations

  room(id: string): Room {
    let room = this.allRooms.get(id);
    if (!room) {
      room = new Room(id, this);
      this.allRooms.set(id, room);
      for (const old of this.oldest(ROOMS_MAX)) {
        if (old !== room && !old.messages.isWatched && !old.summary.isWatched && this.sender.entries(old.id).length === 0) {
          this.allRooms.delete(old.id);
          this.handles.delete(old);
        }
      }
    }
    return room;
  }

  rooms(): Room[] {
    return [...this.allRooms.values()];
  }

  /** Those beyond `max`, longest without an event first. */
  oldest(max: number): Room[] {
    const over = this.allRooms.size - max;
    return over <= 0
      ? []
      : this.rooms().sort((a, b) => (a.line?.lastEventAt ?? 0) - (b.line?.lastEventAt ?? 0)).slice(0, over);
  }

  handle(id: string): Conversation {
    const room = this.room(id);
    let handle = this.handles.get(room);
    if (!handle) {
      handle = new ConversationHandle(this, room);
      this.handles.set(room, handle);
    }
    return handle;
  }

  /** A timeline is looked at: of those that are not, the ones longest out of sight go. */
  opened(room: Room): void {
    this.windows.delete(room);
    this.windows.add(room);
    for (const old of this.windows) {
      if (this.windows.size <= WINDOWS_MAX) {
        break;
      }
      if (old !== room && old.shown.release()) {
        this.windows.delete(old);
      }
    }
  }

  followAll(): void {
    for (const room of this.windows) {
      void room.shown.follow();
    }
  }

  forgetRecent(): void {
    for (const room of this.allRooms.values()) {
      room.forgetRecent();
    }
  }

  history(id: string, page: { before?: number; after?: number; limit: number }): Promise<History> {
    const { before, after, limit } = page;
    const edge = before !== undefined ? `before=${before}&` : after !== undefined ? `after=${after}&` : "";
    return this.calls.call("GET", `/api/v1/conversations/${encodeURIComponent(id)}/messages?${edge}limit=${limit}`);
  }

  /** A conversation could not be read: true if this user is not in it, and so it is left. */
  refusedRead(room: Room, error: MilenaError): boolean {
    const isOut = error.code === "FORBIDDEN" || error.code === "CONVERSATION_NOT_FOUND";
    if (isOut && room.line && !room.left) {
      room.leave();
    }
    return isOut;
  }

  /** A call made this conversation, or found it. */
  created(view: ConversationView): void {
    const room = this.room(view.conversationId);
    if (!room.line || room.left) {
      room.begin(view, view.lastSequence);
    }
    if (room.line && view.lastSequence === 1) {
      room.line = { ...room.line, accepted: true };
    }
    this.catchUp.saw(room);
  }

  hasItemListeners(): boolean {
    return this.itemListeners.size > 0;
  }

  onItem(listener: (item: TimelineItem, conversation: Conversation) => void): () => void {
    this.itemListeners.add(listener);
    return () => this.itemListeners.delete(listener);
  }

  emit(item: TimelineItem): void {
    for (const listener of this.itemListeners) {
      listener(item, this.handle(item.conversationId));
    }
  }

  // ---- what is shown

  changedLine(): void {
    this.conversations.change();
    this.unread.change();
  }

  connectionChanged(): void {
    this.connection.change();
  }

  private list(): ConversationList {
    const items = this.rooms().flatMap((room) => (room.left ? [] : (room.summary.getSnapshot() ?? [])))
      .sort((a, b) => b.lastEventAt - a.lastEventAt || (a.conversationId < b.conversationId ? -1 : 1));
    return { items, loaded: this.catchUp.loaded, truncated: this.catchUp.truncated };
  }

  private countUnread(): Unread {
    const count = { conversations: 0, messages: 0, mutedConversations: 0, mutedMessages: 0 };
    for (const { line, left } of this.allRooms.values()) {
      if (line && !left && line.unread > 0) {
        count[line.muted ? "mutedConversations" : "conversations"]++;
        count[line.muted ? "mutedMessages" : "messages"] += line.unread;
      }
    }
    return count;
  }

  private connectionState(): ConnectionState {
    const { status } = this;
    const { waiting, failed } = this.sender.counts;
    return {
      status: status.status,
      upToDate: this.connected !== null && this.catchUp.isDone,
      retryAt: status.status === "waiting" ? status.retryAt : null,
      stopReason: status.status === "stopped" ? status.stopReason : null,
      transport: this.connected ? this.transport : null,
      featureLevel: this.featureLevel,
      waitingMessages: waiting, failedMessages: failed,
      durable: this.keeper?.isDurable ?? false,
      userId: this.me,
      lastError: this.lastError,
    };
  }

  debug(what: string, fields: DebugEvent["fields"] = {}): void {
    this.options.debug?.({ at: this.clock.now(), what, fields });
  }

  /** A random id: a UUID. */
  uuid(): string {
    const { random } = this.options;
    const bytes = random ? Uint8Array.from({ length: 16 }, () => random() * 256) : crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6]! & 15) | 64;
    bytes[8] = (bytes[8]! & 63) | 128;
    return [...bytes].map((byte, at) => (at > 3 && at < 11 && at % 2 === 0 ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  }
}
