import { MilenaClient, type TokenSource } from "@milena/sdk";
import { browserTabs, indexedDbStorage } from "@milena/sdk/outbox";
import { render } from "preact";
import { writeTimesAs } from "../dates.js";
import { factsOf, type ServerFacts } from "../facts.js";
import css from "../style.css?inline";
import { texts } from "../texts.js";
import { EmbedView, Notice } from "./view.js";

interface Running {
  readonly client: MilenaClient;
  readonly facts: ServerFacts;
  readonly server: string;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/**
 * `<milena-chat server conversation token-url lang theme>`: the chat in another website. A token comes from the property
 * `tokenProvider` or, without one, from `token-url`; it is never an attribute.
 */
export class MilenaChatElement extends HTMLElement {
  static readonly observedAttributes = ["server", "conversation", "token-url", "lang"];

  #provider: TokenSource | null = null;
  #running: Running | null = null;
  readonly #root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** Gives a token of the user; null: nobody is signed in. What it throws is tried again, with a growing delay. */
  get tokenProvider(): TokenSource | null {
    return this.#provider;
  }

  set tokenProvider(provider: TokenSource | null) {
    this.#provider = provider;
    this.#restart();
  }

  connectedCallback(): void {
    // It may have been set before this class was there.
    if (Object.hasOwn(this, "tokenProvider")) {
      const { tokenProvider } = this;
      delete (this as { tokenProvider?: unknown }).tokenProvider;
      this.#provider = tokenProvider;
    }
    this.#start();
  }

  disconnectedCallback(): void {
    // An element that is moved is connected again in the same task.
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#stop();
      }
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) {
      return;
    }
    if (name === "server" || name === "token-url") {
      this.#restart();
    } else {
      this.#draw();
    }
  }

  #restart(): void {
    this.#stop();
    this.#start();
  }

  #start(): void {
    if (this.#running || !this.isConnected) {
      return;
    }
    const token = this.#provider ? (reason: Parameters<TokenSource>[0]) => this.#provider!(reason) : this.#byUrl();
    if (token) {
      try {
        // Without the attribute, the server that this script came from.
        const server = new URL(this.getAttribute("server") ?? import.meta.url, location.href).origin;
        const client = new MilenaClient({ server, token, storage: indexedDbStorage(), tabs: browserTabs() });
        this.#running = { client, facts: factsOf(client, server), server };
        this.#report(client);
        client.connect();
      } catch (error) {
        this.#say("milena-error", { code: "INVALID_REQUEST", reason: (error as Error).message });
      }
    }
    this.#draw();
  }

  #byUrl(): TokenSource | null {
    const url = this.getAttribute("token-url");
    return url === null ? null : async () => {
      const answer = await fetch(url, { method: "POST", credentials: "same-origin" });
      if (answer.status === 401) {
        return null;
      }
      if (!answer.ok) {
        throw new Error(`answered ${answer.status}`);
      }
      return ((await answer.json()) as { token: string }).token;
    };
  }

  #stop(): void {
    this.#running?.client.close();
    this.#running = null;
  }

  #report(client: MilenaClient): void {
    let ready = false;
    let unread = -1;
    let error: unknown = null;
    let stopped = false;
    const changed = () => {
      const now = client.connection.getSnapshot();
      if (this.#running?.client !== client) {
        return;
      }
      if (now.upToDate && !ready) {
        ready = true;
        this.#say("milena-ready", {});
      }
      if (now.lastError !== null && now.lastError !== error && now.lastError.code !== "SIGNED_OUT") {
        this.#say("milena-error", { code: now.lastError.code, reason: now.lastError.reason });
      }
      error = now.lastError;
      if (now.status === "stopped" && !stopped && (now.stopReason === "signed-out" || now.stopReason === "revoked")) {
        void client.signOut({ force: true });
        this.#say("milena-signed-out", {});
      }
      stopped = now.status === "stopped";
      const count = client.unread.getSnapshot().messages;
      if (ready && count !== unread) {
        unread = count;
        this.#say("milena-unread", { unread });
      }
    };
    client.connection.subscribe(changed);
    client.unread.subscribe(changed);
  }

  #say(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #draw(): void {
    if (!this.isConnected) {
      return;
    }
    const lang = this.getAttribute("lang");
    if (lang !== null) {
      writeTimesAs(lang);
    }
    const running = this.#running;
    render(
      running === null ? (
        <Notice words={texts.embed.notSetUp} isProblem />
      ) : (
        <EmbedView key={running} client={running.client} facts={running.facts} server={running.server} conversationId={this.getAttribute("conversation")} />
      ),
      this.#root,
    );
  }
}

if (!customElements.get("milena-chat")) {
  customElements.define("milena-chat", MilenaChatElement);
}
