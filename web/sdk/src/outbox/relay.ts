import type { Frame } from "../core/link/link.js";
import type { SharedState, Sharing, SharingSink, TabSharing } from "../core/parts.js";
import type { Tabs, TabSession } from "./types.js";

type Told =
  /** a tab is there; the one that leads answers with its state */
  | { kind: "hello"; visible: boolean }
  | { kind: "bye" }
  | { kind: "state"; state: SharedState }
  /** from the one that leads: what came without an id, and answers to `to` */
  | { kind: "frame"; frame: Frame; to?: string }
  /** to the one that leads: to be sent */
  | { kind: "send"; frame: Frame }
  | { kind: "news"; news: unknown };

/** Who watches whom is counted by tab, so that no tab ends what another one looks at. */
const SELF = "";

/** Shares one connection among tabs that can hear each other. */
export function tabsOver(tabs: Tabs): TabSharing {
  return { attach: (sink) => new Relay(tabs, sink) };
}

/** Lets the tabs of one user share the connection of the one that leads. */
class Relay implements Sharing {
  leads = false;
  private session: TabSession | null = null;
  private ownVisible = true;
  private readonly hidden = new Map<string, boolean>();
  private readonly watchers = new Map<string, Set<string>>();

  constructor(private readonly tabs: Tabs, private readonly sink: SharingSink) {}

  join(scope: string): Promise<void> {
    return new Promise((resolve) => {
      this.session = this.tabs.join(scope, {
        lead: () => {
          this.leads = true;
          this.sink.lead();
          this.changed();
          resolve();
        },
        told: (message, from) => this.told(message, from),
      });
      this.sink.joined(this.session.tabId);
      this.say({ kind: "hello", visible: this.ownVisible });
    });
  }

  leave(): void {
    this.say({ kind: "bye" });
    this.session?.leave();
    this.session = null;
    this.leads = false;
    this.hidden.clear();
  }

  tell(news: unknown): void {
    this.say({ kind: "news", news });
  }

  /** The state of the connection changed, in the tab that leads. */
  changed(): void {
    if (this.leads) {
      this.say({ kind: "state", state: this.sink.present() });
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
          this.sink.state(told.state);
        }
        return;
      case "frame":
        if (!this.leads && (told.to === undefined || told.to === this.session?.tabId)) {
          this.sink.frame(told.frame);
        }
        return;
      case "send":
        if (this.leads) {
          this.forward(told.frame, from);
        }
        return;
      case "news":
        this.sink.news(told.news);
    }
  }

  private forward(frame: Frame, tab: string): void {
    if (frame.type !== "presence.subscribe" && frame.type !== "presence.unsubscribe") {
      this.sink.send(frame);
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
      this.sink.send({ ...frame, payload: { userIds } });
    }
  }

  private look(): void {
    if (this.leads) {
      this.sink.visible(this.ownVisible || [...this.hidden.values()].includes(false));
    }
  }

  private say(told: Told): void {
    this.session?.tell(told);
  }
}
