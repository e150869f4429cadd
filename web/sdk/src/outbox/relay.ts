import type { ConnectionStatus } from "../core/connection.js";
import type { Engine } from "../core/engine.js";
import type { Frame } from "../core/link/link.js";
import type { Sharing, TabNews, TabSharing } from "../core/parts.js";
import type { Standing, TransportName } from "../core/types.js";
import type { Tabs, TabSession } from "./types.js";

/** What is known of the connection that all tabs share. */
interface SharedState {
  readonly connected: Frame | null;
  readonly transport: TransportName | null;
  readonly status: ConnectionStatus;
  readonly standing: Standing;
}

type Told =
  /** a tab is there; the one that leads answers with its state */
  | { kind: "hello"; visible: boolean }
  | { kind: "bye" }
  | { kind: "state"; state: SharedState }
  /** from the one that leads: what came without an id, and answers to `to` */
  | { kind: "frame"; frame: Frame; to?: string }
  /** to the one that leads: to be sent */
  | { kind: "send"; frame: Frame }
  | { kind: "news"; news: TabNews };

/** Who watches whom is counted by tab, so that no tab ends what another one looks at. */
const SELF = "";

/** Shares one connection among tabs that can hear each other. */
export function tabsOver(tabs: Tabs): TabSharing {
  return { attach: (engine) => new Relay(tabs, engine) };
}

/** Lets the tabs of one user share the connection of the one that leads. */
class Relay implements Sharing {
  leads = false;
  private session: TabSession | null = null;
  private ownVisible = true;
  /** whether every frame since the first connection was heard */
  private heardAll = false;
  private readonly hidden = new Map<string, boolean>();
  private readonly watchers = new Map<string, Set<string>>();

  constructor(private readonly tabs: Tabs, private readonly engine: Engine) {}

  join(scope: string): Promise<void> {
    return new Promise((resolve) => {
      this.session = this.tabs.join(scope, {
        lead: () => {
          this.lead();
          resolve();
        },
        told: (message, from) => this.told(message, from),
      });
      this.engine.wire = this.engine.newWire(`${this.session.tabId}:`);
      this.say({ kind: "hello", visible: this.ownVisible });
    });
  }

  private lead(): void {
    const { engine } = this;
    this.leads = true;
    engine.isDown();
    engine.status = { status: "connecting", closeCode: null };
    engine.keeper?.takeOver();
    engine.connectionChanged();
    this.changed();
    this.look();
  }

  leave(): void {
    this.heardAll = false;
    this.say({ kind: "bye" });
    this.session?.leave();
    this.session = null;
    this.leads = false;
    this.hidden.clear();
  }

  tell(news: TabNews): void {
    this.say({ kind: "news", news });
  }

  /** The state of the connection changed, in the tab that leads. */
  changed(): void {
    if (this.leads) {
      const { connected, transport, status, standing } = this.engine;
      this.say({ kind: "state", state: { connected, transport, status, standing: standing.getSnapshot() } });
    }
  }

  show(visible: boolean): void {
    this.ownVisible = visible;
    this.say({ kind: "hello", visible });
    this.look();
  }

  /** A new connection watches nobody. */
  up(): void {
    this.watchers.clear();
  }

  /** Sends a frame of this tab: by itself, or by the one that leads. */
  send(frame: Frame): void {
    if (this.leads) {
      this.forward(frame, SELF);
    } else {
      this.say({ kind: "send", frame });
    }
  }

  /** As the one that leads: passes on what came. False if it was the answer for another tab. */
  came(frame: Frame): boolean {
    const to = frame.id === undefined ? undefined : /^(.+):/.exec(frame.id)?.[1];
    const own = to === undefined || to === this.session?.tabId;
    if (this.session && (frame.id === undefined || !own)) {
      this.say(frame.id === undefined ? { kind: "frame", frame } : { kind: "frame", frame, to: to! });
    }
    return own;
  }

  private told(message: unknown, from: string): void {
    const told = message as Told;
    switch (told.kind) {
      case "hello": {
        this.hidden.set(from, !told.visible);
        this.look();
        this.changed();
        return;
      }
      case "bye":
        this.hidden.delete(from);
        this.watchers.forEach((tabs) => tabs.delete(from));
        this.look();
        return;
      case "state":
        if (!this.leads) {
          this.follow(told.state);
        }
        return;
      case "frame":
        if (!this.leads && (told.to === undefined || told.to === this.session?.tabId)) {
          this.engine.frame(told.frame);
        }
        return;
      case "send":
        if (this.leads) {
          this.forward(told.frame, from);
        }
        return;
      case "news":
        this.heard(told.news);
    }
  }

  /** The tab that leads has a connection, or none. */
  private follow({ connected, transport, status, standing }: SharedState): void {
    const { engine } = this;
    const was = engine.connected;
    engine.status = status;
    if (connected && connected.connectionId !== was?.connectionId) {
      // Frames of before this tab came were not heard.
      engine.isUp(this.heardAll ? connected : { ...connected, resumed: false }, transport!);
      this.heardAll = true;
      engine.stood.takes(standing);
    } else if (!connected && was) {
      engine.isDown();
    }
    engine.connectionChanged();
  }

  /** What another tab did. */
  private heard(said: TabNews): void {
    const { engine } = this;
    const { sender } = engine;
    switch (said.news) {
      case "queued":
      case "failed":
        sender.put(said.entry);
        return;
      case "acked":
        engine.room(said.entry.conversationId).acked(said.entry, said);
        sender.arrived(said.entry.messageId);
        return;
      case "gone":
        sender.arrived(said.messageId);
        return;
      case "changed":
        engine.room(said.conversationId).ackedPatch(said.patch, said.sequenceNumber);
        return;
      case "read":
        engine.room(said.conversationId).hasRead(said.upTo);
        return;
      case "banned":
        engine.stood.refused(said.conversationId, said.until);
        return;
      case "dismissed":
        engine.stood.dismissed(said.warning);
        return;
      case "slow":
        engine.room(said.conversationId).slow(said.until);
        return;
      case "signed-out":
        engine.stop();
        engine.status = { status: "stopped", stopReason: "signed-out" };
        void engine.forget();
        engine.connectionChanged();
    }
  }

  private forward(frame: Frame, tab: string): void {
    if (frame.type !== "presence.subscribe" && frame.type !== "presence.unsubscribe") {
      this.engine.transmit(frame);
      return;
    }
    const userIds = (frame.payload.userIds as string[]).filter((userId) => {
      const tabs = this.watchers.get(userId) ?? new Set();
      this.watchers.set(userId, tabs);
      if (frame.type === "presence.subscribe") {
        tabs.add(tab);
        return true;
      }
      tabs.delete(tab);
      return tabs.size === 0 && this.watchers.delete(userId);
    });
    if (userIds.length > 0) {
      this.engine.transmit({ ...frame, payload: { userIds } });
    }
  }

  private look(): void {
    if (this.leads) {
      this.engine.people.say(this.ownVisible || [...this.hidden.values()].includes(false) ? "online" : "away");
    }
  }

  private say(told: Told): void {
    this.session?.tell(told);
  }
}
