import type { MilenaClient, Store } from "@milena/sdk";
import { disablePush, enablePush, pushState, startPush, type PushOptions, type PushState } from "@milena/sdk/push";
import { keep, kept } from "./kept.js";
import { addressOf } from "./way.js";
import { worker } from "./worker.js";

const NOT_NOW_KEY = "milena.push.notNow";

export interface PushShown {
  /** null until the browser was asked */
  readonly state: PushState | null;
  /** whether this is a moment to ask the user */
  readonly asks: boolean;
}

/** Push to this browser, and when the user is asked for it: after a message was sent, and not again once they said no. */
export class Push implements Store<PushShown> {
  #shown: PushShown = { state: null, asks: false };
  #options: Promise<PushOptions | null>;
  #hasSent = false;
  #stop = () => {};
  readonly #listeners = new Set<() => void>();

  constructor(private readonly client: MilenaClient) {
    const navigate = new URL("./", location.href).href + addressOf("{conversationId}");
    const onOpen = (conversationId: string) => (location.hash = addressOf(conversationId));
    this.#options = worker().then((registration) => registration && { registration, navigate, onOpen });
    void this.#options.then((options) => {
      this.#stop = options ? startPush(client, options) : this.#stop;
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): PushShown => this.#shown;

  /** Asks the browser how it is; it may have changed outside of this page. */
  async look(): Promise<void> {
    const options = await this.#options;
    const state = options === null ? "unsupported" : await pushState(this.client, options);
    const asks = this.#hasSent && state === "off" && Notification.permission === "default" && kept(NOT_NOW_KEY) === null;
    this.#shown = { state, asks };
    this.#listeners.forEach((listener) => listener());
  }

  /** The user has sent a message. */
  sent(): void {
    if (!this.#hasSent) {
      this.#hasSent = true;
      void this.look();
    }
  }

  notNow(): void {
    keep(NOT_NOW_KEY, true);
    void this.look();
  }

  async enable(): Promise<PushState> {
    const options = await this.#options;
    try {
      return options === null ? "unsupported" : await enablePush(this.client, options);
    } finally {
      await this.look();
    }
  }

  async disable(): Promise<void> {
    const options = await this.#options;
    if (options !== null) {
      await disablePush(this.client, options);
    }
    await this.look();
  }

  stop(): void {
    this.#stop();
  }
}
