import { asError, Calls } from "./calls.js";
import type * as OwnCalls from "./calls/own.js";
import { CatchUp } from "./catchup.js";
import { Connection, type ConnectionStatus } from "./connection.js";
import type { ConversationRoom } from "./conversation.js";
import { MilenaError, readable } from "./errors.js";
import { Fetched } from "./fetched.js";
import type { Frame } from "./link/link.js";
import { People } from "./people.js";
import type { ConversationView, History } from "./protocol.js";
import { Receipts } from "./receipts.js";
import type { Keeping, Sharing, TabNews } from "./parts.js";
import type { Room } from "./room.js";
import { Rooms } from "./rooms.js";
import { Sender } from "./sender.js";
import { callSafely, Cell, Notices } from "./store.js";
import { Stood } from "./standing.js";
import { Tokens, type Claims } from "./tokens.js";
import type {
  ClientOptions, Clock, Conversation, ConversationList, ConnectionState, DebugEvent, FollowedThreads, Standing, TimelineItem, TransportName, Unread,
} from "./types.js";
import { Wire } from "./wire.js";

const OUTBOX_MAX = 1_000;
const TIMELINE_MAX = 100_000;
/** The levels from which users block others, and follow threads. */
const BLOCK_LEVEL = 8;
export const FOLLOW_LEVEL = 10;

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
  readonly threads: Fetched<FollowedThreads>;
  readonly blocked: Fetched<readonly string[]>;
  readonly standing: Cell<Standing>;
  /** what is fetched again after a frame of a type, and after a break */
  readonly refreshed = new Map<string, Fetched<unknown>>();
  /** what else is done where everything of this user is forgotten */
  readonly forgotten = new Set<() => Promise<unknown>>();
  me: string | null;
  deviceId: string;

  #tenant: string;
  readonly #server: string;
  readonly #tokens: Tokens;
  readonly #link: Connection;
  readonly #relay: Sharing | undefined;
  wire: Wire;
  readonly rooms = new Rooms(this);
  readonly #itemListeners = new Set<(item: TimelineItem, conversation: Conversation) => void>();
  status: ConnectionStatus = { status: "idle" };
  readonly stood = new Stood(this);
  /** how many milliseconds this clock is ahead of the server's, as far as is known */
  ahead = 0;
  #lastError: MilenaError | null = null;
  connected: Frame | null = null;
  transport: TransportName | null = null;
  #storeOpened: Promise<void> | null = null;
  #joined: Promise<void> | null = null;
  #known = false;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.random = options.random ?? Math.random;
    this.timelineMax = options.timelineMax ?? TIMELINE_MAX;
    this.#server = (options.server ?? globalThis.location?.origin ?? "").replace(/\/+$/, "");
    this.me = options.user?.userId ?? null;
    this.#tenant = options.user?.tenant ?? "default";
    this.#known = options.user !== undefined;
    this.deviceId = options.deviceId ?? this.newId();
    if (!/^https?:\/\//.test(this.#server) || !/^[A-Za-z0-9_.-]{1,64}$/.test(this.deviceId)) {
      throw new TypeError("server: an http or https address; deviceId: 1 to 64 of A-Z a-z 0-9 _ . -");
    }
    const fetcher: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#tokens = new Tokens(options.token, this.clock, (claims) => this.#accept(claims));
    this.calls = new Calls(this.#server, this.#tokens, fetcher, this.clock, this.random, (reason) => this.#link.ended(reason));
    this.keeper = options.storage?.attach(this);
    this.sender = new Sender(this, options.outboxMax ?? OUTBOX_MAX);
    this.receipts = new Receipts(this);
    this.catchUp = new CatchUp(this);
    this.people = new People(this);
    this.connection = new Cell(this.notices, () => this.#connectionState());
    this.conversations = new Cell(this.notices, () => this.rooms.list());
    this.unread = new Cell(this.notices, () => this.rooms.countUnread());
    this.threads = new Fetched(this, FOLLOW_LEVEL, async () => (await this.own()).threads(this));
    this.blocked = new Fetched(this, BLOCK_LEVEL, async () => (await this.own()).blocked(this));
    this.standing = new Cell(this.notices, () => this.stood.standing);
    this.refreshed.set("thread.updated", this.threads).set("block.updated", this.blocked);
    this.#relay = options.tabs?.attach(this);
    this.wire = this.newWire("");
    this.#link = new Connection(
      this.#server, options.transports ?? ["websocket", "events", "poll"], () => this.deviceId, this.#tokens,
      { fetcher, webSocket: options.webSocket ?? globalThis.WebSocket, clock: this.clock }, this.random,
      {
        prepare: () => this.#prepare(),
        up: (connected, transport) => {
          this.#relay?.up();
          this.isUp(connected, transport);
          this.#relay?.changed();
        },
        frame: (frame) => this.#arrived(frame),
        down: () => {
          this.isDown();
          this.#relay?.changed();
        },
        status: (status, error) => {
          this.status = status;
          this.#lastError = error ?? (status.status === "online" ? null : this.#lastError);
          this.connectionChanged();
          this.#relay?.changed();
        },
        wipe: () => void this.wipe(),
        debug: (what, fields) => this.debug(what, fields),
        awaitedSince: () => this.wire.awaitedSince(),
      },
    );
    if (this.me !== null) {
      void this.opened();
    }
  }

  // ---- life

  start(): void {
    this.#link.start();
  }

  stop(): void {
    void this.keeper?.flush();
    this.#link.stop();
    this.isDown();
    this.#relay?.leave();
    this.#joined = null;
    this.stood.rest();
    this.rooms.rest();
  }

  /** Disconnects and forgets everything of this user, in all tabs. */
  async wipe(leave?: () => Promise<unknown>): Promise<void> {
    this.tell({ news: "signed-out" });
    this.stop();
    await leave?.().catch(() => {});
    await this.forget();
  }

  async forget(): Promise<void> {
    this.#tokens.forget();
    this.#link.forgetPlace();
    this.rooms.clear();
    this.stood.forget();
    this.changedLine();
    await Promise.allSettled([this.keeper?.wipe(), ...[...this.forgotten].map((run) => run())]);
  }

  /** The network is back, or the page is shown. */
  nudge(): void {
    this.#link.tryNow();
  }

  show(visible: boolean): void {
    if (this.#relay) {
      this.#relay.show(visible);
    } else {
      this.people.say(visible ? "online" : "away");
    }
    if (visible) {
      this.nudge();
    }
  }

  #accept(claims: Claims | null): void {
    if (!claims || (this.me !== null && (claims.userId !== this.me || (this.#known && claims.tenant !== this.#tenant)))) {
      throw new MilenaError("UNAUTHORIZED", claims ? "the token is another user's" : "the token cannot be read");
    }
    this.#known = true;
    this.me = claims.userId;
    this.#tenant = claims.tenant;
    this.connectionChanged();
  }

  /** Opens what is kept, and waits until this tab holds the connection. */
  #prepare(): Promise<void> {
    this.#joined ??= this.opened().then(() => this.#relay?.join(this.#scope));
    return this.#joined;
  }

  /** Opens what is kept; from then on `deviceId` is the one of this browser profile and user. */
  opened(): Promise<void> {
    this.#storeOpened ??= this.keeper?.open(this.#scope, this.options.deviceId === undefined) ?? Promise.resolve();
    return this.#storeOpened;
  }

  get #scope(): string {
    return `milena ${this.#server} ${this.#tenant} ${this.me}`;
  }

  /** @param prefix of the ids of frames, different for each tab */
  newWire(prefix: string): Wire {
    return new Wire(prefix, this.clock, (frame) => (this.#relay ? this.#relay.send(frame) : this.transmit(frame)));
  }

  get leads(): boolean {
    return this.#relay?.leads ?? true;
  }

  /** Loads a part that is seldom needed; where that fails, it is as if the server could not be reached. */
  load<T>(part: () => Promise<T>): Promise<T> {
    return part().catch((error: unknown) => {
      throw asError(error);
    });
  }

  own(): Promise<typeof OwnCalls> {
    return this.load(() => import("./calls/own.js"));
  }

  // ---- frames

  /** Sends a frame over the connection of this tab. */
  transmit(frame: Frame): void {
    if (this.#link.sends) {
      this.#link.send(frame);
    } else if (this.connected) {
      const failed: Frame = { type: "error", id: frame.id, payload: {} };
      void import("./link/rest.js").then(({ byRest }) => byRest(this.calls, frame)).catch(() => failed).then((answer) => this.#arrived(answer));
    }
  }

  #arrived(frame: Frame): void {
    if (this.#relay?.came(frame) ?? true) {
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
    return this.isOnline()
      ? this.wire.ask(frame).catch((error: MilenaError) => this.#refused(frame, error))
      : Promise.reject(new MilenaError("UNAVAILABLE", "there is no connection"));
  }

  #refused({ payload }: Frame, error: MilenaError): never {
    if (error.ban) {
      const news: TabNews = { news: "banned", conversationId: payload.conversationId, until: error.ban.until };
      this.stood.refused(news.conversationId, news.until);
      this.tell(news);
    }
    throw error;
  }

  isOnline(): boolean {
    return this.connected !== null;
  }

  get featureLevel(): number {
    return this.connected ? Number(this.connected.featureLevel) || 1 : 0;
  }

  isUp(connected: Frame, transport: TransportName): void {
    if (this.connected) {
      this.isDown();
    }
    this.connected = connected;
    this.transport = transport;
    // Another tab gets this frame later, and with it what was known when it came.
    this.ahead = connected.ahead ??= Number(connected.serverTime) ? this.clock.now() - Number(connected.serverTime) : 0;
    this.stood.up(connected.resumed === true);
    this.catchUp.up(connected.resumed === true);
    this.sender.pump();
    this.receipts.later();
    this.people.up();
    this.refreshed.forEach((fetched) => fetched.stale());
    this.rooms.followAll();
    this.connectionChanged();
  }

  isDown(): void {
    this.connected = null;
    this.catchUp.cut();
    this.sender.cut();
    this.wire.cut();
    this.people.cut();
    this.connectionChanged();
  }

  frame(frame: Frame): void {
    if (this.wire.answered(frame)) {
      return;
    }
    const { payload } = frame;
    try {
      this.refreshed.get(frame.type)?.stale();
      if (frame.type === "resync") {
        this.catchUp.resync((payload.conversationIds as string[]).map((id) => this.room(id)));
      } else if (frame.type === "presence.update") {
        this.people.update(payload);
      } else if (frame.type === "user.updated") {
        this.people.shows(payload);
      } else if (frame.type === "ban.updated") {
        this.stood.banned(payload);
      } else if (frame.type === "moderation.warning") {
        this.stood.warned(payload);
      } else if (typeof payload?.conversationId === "string") {
        readable(payload.sequenceNumber === undefined || Number.isSafeInteger(payload.sequenceNumber));
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

  tell(news: TabNews): void {
    this.#relay?.tell(news);
  }

  // ---- conversations

  room(id: string): ConversationRoom {
    return this.rooms.room(id);
  }

  async history(id: string, page: { before?: number; after?: number; limit: number }): Promise<History> {
    const { before, after, limit } = page;
    const edge = before !== undefined ? `before=${before}&` : after !== undefined ? `after=${after}&` : "";
    const answer = await this.calls.call<History>("GET", `/api/v1/conversations/${encodeURIComponent(id)}/messages?${edge}limit=${limit}`);
    readable(answer.messages.every(({ sequenceNumber }) => Number.isSafeInteger(sequenceNumber)));
    return answer;
  }

  /** A conversation could not be read: true if this user is not in it, and so it is left. */
  refusedRead(room: Room, error: MilenaError): boolean {
    const isOut = error.code === "FORBIDDEN" || error.code === "CONVERSATION_NOT_FOUND";
    if (isOut && room.line && !room.left) {
      room.out();
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
      room.line = { ...room.line, personal: { ...room.line.personal, accepted: true } };
    }
    this.catchUp.saw(room);
  }

  hasItemListeners(): boolean {
    return this.#itemListeners.size > 0;
  }

  onItem(listener: (item: TimelineItem, conversation: Conversation) => void): () => void {
    this.#itemListeners.add(listener);
    return () => this.#itemListeners.delete(listener);
  }

  emit(item: TimelineItem): void {
    for (const listener of this.#itemListeners) {
      callSafely(() => listener(item, this.room(item.conversationId)));
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

  #connectionState(): ConnectionState {
    const { status } = this;
    const { waiting, failed } = this.sender.counts;
    return {
      status: status.status,
      upToDate: this.connected !== null && this.catchUp.isDone,
      retryAt: status.status === "waiting" ? status.retryAt : null,
      closeCode: status.status === "waiting" || status.status === "connecting" ? status.closeCode : null,
      stopReason: status.status === "stopped" ? status.stopReason : null,
      transport: this.connected ? this.transport : null,
      featureLevel: this.featureLevel,
      waitingMessages: waiting, failedMessages: failed,
      durable: this.keeper?.isDurable ?? false,
      userId: this.me,
      lastError: this.#lastError,
    };
  }

  debug(what: string, fields: DebugEvent["fields"] = {}): void {
    this.options.debug?.({ at: this.clock.now(), what, fields });
  }

  /** A random id of 128 bits. */
  newId(): string {
    const { random } = this.options;
    const parts = random ? [1, 2, 3, 4].map(() => Math.floor(random() * 2 ** 32)) : [...crypto.getRandomValues(new Uint32Array(4))];
    return parts.map((part) => part.toString(36)).join("-");
  }
}
