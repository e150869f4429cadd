import { Engine } from "./engine.js";
import type { ConversationView } from "./protocol.js";
import type {
  Client, ClientOptions, ConnectionState, Conversation, ConversationList, FollowedThreads, Presence, Profile, ProfileChange, SettingsChange, SignOutResult, Standing,
  Store, TimelineItem, Unread, Warning,
} from "./types.js";

/** The parts of a client, for the other entry points of this package. */
export let engineOf: (client: MilenaClient) => Engine;

/** A client of one user at one server; see `Client`. */
export class MilenaClient implements Client {
  readonly connection: Store<ConnectionState>;
  readonly conversations: Store<ConversationList>;
  readonly unread: Store<Unread>;
  readonly threads: Store<FollowedThreads | null>;
  readonly blocked: Store<readonly string[] | null>;
  readonly standing: Store<Standing>;
  readonly #engine: Engine;
  #unlisten: (() => void) | null = null;

  static {
    engineOf = (client) => client.#engine;
  }

  constructor(options: ClientOptions) {
    this.#engine = new Engine(options);
    this.connection = this.#engine.connection;
    this.conversations = this.#engine.conversations;
    this.unread = this.#engine.unread;
    this.threads = this.#engine.threads;
    this.blocked = this.#engine.blocked;
    this.standing = this.#engine.standing;
  }

  connect(): void {
    this.#unlisten ??= this.#listen();
    this.#engine.start();
  }

  close(): void {
    this.#unlisten?.();
    this.#unlisten = null;
    this.#engine.stop();
  }

  async signOut({ force = false }: { force?: boolean } = {}): Promise<SignOutResult> {
    const { waitingMessages, stopReason } = this.connection.getSnapshot();
    if (waitingMessages > 0 && !force) {
      return { signedOut: false, waitingMessages };
    }
    const engine = this.#engine;
    const wiped = engine.wipe(stopReason ? undefined : async () => (await engine.own()).leave(engine));
    this.close();
    await wiped;
    return { signedOut: true, waitingMessages };
  }

  conversation(conversationId: string): Conversation {
    return this.#engine.room(conversationId);
  }

  createDirect(userId: string): Promise<Conversation> {
    return this.#create("/api/v1/conversations", { type: "direct", participantIds: [userId] });
  }

  createGroup(group: { name: string; userIds: readonly string[]; settings?: SettingsChange }): Promise<Conversation> {
    const { name, userIds, settings } = group;
    return this.#create("/api/v1/groups", { name, participantIds: userIds, settings }, this.#engine.newId());
  }

  async #create(path: string, body: unknown, idempotencyKey?: string): Promise<Conversation> {
    const view = await this.#engine.calls.call<ConversationView>("POST", path, { body, idempotencyKey, again: true });
    this.#engine.created(view);
    return this.conversation(view.conversationId);
  }

  presence(userId: string): Store<Presence | null> {
    return this.#engine.people.presence(userId);
  }

  profile(userId: string): Store<Profile | null> {
    return this.#engine.people.profile(userId);
  }

  async setProfile(profile: ProfileChange): Promise<Profile> {
    return (await this.#engine.own()).setProfile(this.#engine, profile);
  }

  async setBlocked(userId: string, blocked: boolean): Promise<void> {
    return (await this.#engine.own()).setBlocked(this.#engine, userId, blocked);
  }

  dismiss(warning: Warning): void {
    this.#engine.stood.dismissed(warning);
    this.#engine.tell({ news: "dismissed", warning });
  }

  setPresence(status: "online" | "away"): void {
    this.#engine.show(status === "online");
  }

  onItem(listener: (item: TimelineItem, conversation: Conversation) => void): () => void {
    return this.#engine.onItem(listener);
  }

  /** In a page: the network that comes back, and the page that is hidden and shown. */
  #listen(): () => void {
    const { document, addEventListener, removeEventListener } = globalThis;
    if (!document || !addEventListener) {
      return () => {};
    }
    const online = () => this.#engine.nudge();
    const shown = () => this.#engine.show(document.visibilityState !== "hidden");
    addEventListener.call(globalThis, "online", online);
    document.addEventListener("visibilitychange", shown);
    shown();
    return () => {
      removeEventListener.call(globalThis, "online", online);
      document.removeEventListener("visibilitychange", shown);
    };
  }
}
