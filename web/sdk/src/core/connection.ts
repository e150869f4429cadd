import { MilenaError } from "./errors.js";
import { asError } from "./calls.js";
import type { Dial, Ended, Frame, Link, Means, OpenLink } from "./link/link.js";
import { openWebSocket } from "./link/websocket.js";
import { backoffMs } from "./rules/backoff.js";
import { afterClose, isServersWord, type Closing } from "./rules/closing.js";
import { isSilent, pulse, type Pulse } from "./rules/heartbeat.js";
import { climbFailed, climbInMs, ladder, reached, rung, stepDown, type Ladder } from "./rules/ladder.js";
import type { Tokens } from "./tokens.js";
import type { StopReason, TransportName } from "./types.js";

/** Those that are seldom needed are loaded when they are. */
const OPENERS: Record<TransportName, () => Promise<OpenLink>> = {
  websocket: async () => openWebSocket,
  events: () => import("./link/events.js").then(({ openEvents }) => openEvents, () => openNothing),
  poll: () => import("./link/poll.js").then(({ openPoll }) => openPoll, () => openNothing),
};
/** In the place of a transport that cannot be loaded: it fails like one that cannot connect. */
const openNothing: OpenLink = (dial, events, means) => openWebSocket(dial, events, { ...means, webSocket: undefined });
const CONNECT_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 2_500;
const INTERVAL_MS = 30_000;

export type ConnectionStatus =
  | { readonly status: "idle" | "online" }
  | { readonly status: "connecting"; readonly closeCode: number | null }
  | { readonly status: "waiting"; readonly retryAt: number; readonly closeCode: number | null }
  | { readonly status: "stopped"; readonly stopReason: StopReason };

export interface ConnectionSink {
  /** the first frame of a connection came */
  up(connected: Frame, transport: TransportName): void;
  frame(frame: Frame): void;
  down(): void;
  status(status: ConnectionStatus, error: MilenaError | null): void;
  /** what is kept of this user is to go */
  wipe(): void;
  /** there is a token: what has to be known before a connection is opened is prepared */
  prepare(): Promise<void>;
  debug(what: string, fields?: Record<string, string | number | boolean | null>): void;
  /** since when an answer is awaited; null where none is */
  awaitedSince(): number | null;
}

/** Keeps one connection to the server: the only part that knows of transports, tokens of the connection and waiting. */
export class Connection {
  #ladder: Ladder;
  #link: Link | null = null;
  #probe: Link | null = null;
  #opened = false;
  #openedAt = 0;
  #failures = 0;
  #wanted = false;
  /** whether a token is being fetched for an attempt */
  #isConnecting = false;
  #resume: string | null = null;
  #route: string | null = null;
  #drainMs: number | null = null;
  /** how the last connection ended, until there is another one */
  #closeCode: number | null = null;
  #intervalMs = INTERVAL_MS;
  #heardAt = 0;
  #beatAt = 0;
  readonly #timers = new Map<"retry" | "look" | "climb" | "connect", unknown>();
  /** one more with each attempt, so that what comes late of an earlier one is known */
  #attempt = 0;

  constructor(
    private readonly server: string,
    order: readonly TransportName[],
    private readonly deviceId: () => string,
    private readonly tokens: Tokens,
    private readonly means: Means,
    private readonly random: () => number,
    private readonly sink: ConnectionSink,
  ) {
    this.#ladder = ladder(order);
  }

  /** Connects, unless it is connected or about to be; where it waits, it tries now. */
  start(): void {
    this.#wanted = true;
    if (!this.#link && this.#timers.has("retry")) {
      this.tryNow();
    } else if (!this.#link && !this.#isConnecting) {
      void this.#connect();
    }
  }

  stop(): void {
    this.#wanted = false;
    this.#closeCode = null;
    this.#leave();
    this.sink.status({ status: "idle" }, null);
  }

  /** The place in the stream of frames is worth nothing any more. */
  forgetPlace(): void {
    this.#resume = null;
  }

  /** False if frames of the client cannot go over it now. */
  get sends(): boolean {
    return this.#opened && this.#link?.sends === true;
  }

  send(frame: Frame): void {
    this.#link?.send(frame);
  }

  /** A call was refused as if the server had closed the connection. */
  ended(reason: string): void {
    this.#closed({ code: 4401, reason, waitMs: null });
  }

  /** Something may have changed: the network is back, or the page is shown again. */
  tryNow(): void {
    if (this.#timers.has("retry")) {
      this.#clear("retry");
      void this.#connect();
    } else if (this.sends && this.#beatAt <= this.#heardAt) {
      this.#beat();
    }
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.sink.status({ status: "connecting", closeCode: this.#closeCode }, null);
    this.#isConnecting = true;
    const name = rung(this.#ladder);
    let token: string;
    let open: OpenLink;
    try {
      await this.tokens.get();
      await this.sink.prepare();
      // That may have taken as long as another tab was there.
      token = await this.tokens.get();
      open = await OPENERS[name]();
    } catch (error) {
      if (attempt === this.#attempt && this.#wanted) {
        this.#leave();
        this.#noToken(asError(error));
      }
      return;
    }
    if (attempt !== this.#attempt || !this.#wanted) {
      return;
    }
    this.sink.debug("connecting", { transport: name, resumes: this.#resume !== null, failures: this.#failures });
    this.#opened = false;
    this.#isConnecting = false;
    this.#timer("connect", CONNECT_WITHIN_MS, () => this.#closed({ code: 1006, reason: "no answer", waitMs: null }));
    this.#link = this.#open(open, name, token, attempt);
  }

  #noToken(error: MilenaError): void {
    if (error.code === "SIGNED_OUT") {
      this.#halt("signed-out", error);
    } else if (error.code === "UNAUTHORIZED") {
      this.#halt("token", error);
    } else {
      this.#wait(backoffMs(this.#failures++, this.random), error);
    }
  }

  #open(open: OpenLink, name: TransportName, token: string, attempt: number): Link {
    return open(
      this.#dial(token),
      {
        frame: (frame, resume) => attempt === this.#attempt && this.#frame(frame, resume, name, token),
        heard: (resume) => attempt === this.#attempt && this.#heard(resume),
        closed: (closing) => attempt === this.#attempt && this.#closed(closing, token),
      },
      this.means,
    );
  }

  #dial(token: string): Dial {
    return { server: this.server, token, deviceId: this.deviceId(), resume: this.#resume, route: this.#route };
  }

  #heard(resume: string | null | undefined): void {
    this.#heardAt = this.means.clock.now();
    if (resume) {
      this.#resume = resume;
    }
  }

  #frame(frame: Frame, resume: string | null, name: TransportName, token: string): void {
    if (frame.type === "connected") {
      this.#isUp(frame, name, token);
    } else if (frame.type === "server.draining") {
      this.#drainMs = Number(frame.payload?.reconnectAfterMs) || 0;
      if (!this.#link?.sends) {
        this.#closed({ code: 1012, reason: "", waitMs: this.#drainMs });
      }
      return;
    } else if (frame.type === "token.expiring") {
      void this.#refresh();
    } else if (frame.type !== "heartbeat") {
      // Before its place is noted: whoever comes back behind a frame has handled it.
      this.sink.frame(frame);
    }
    this.#heard(resume ?? frame.resumeToken);
  }

  #isUp(connected: Frame, name: TransportName, token: string): void {
    this.#clear("connect");
    this.tokens.taken();
    this.#opened = true;
    this.#drainMs = this.#closeCode = null;
    this.#ladder = reached(this.#ladder, name);
    this.#route = typeof connected.route === "string" ? connected.route : this.#route;
    this.#intervalMs = Number(connected.heartbeatInterval) || INTERVAL_MS;
    this.#openedAt = this.#beatAt = this.#heardAt = this.means.clock.now();
    this.sink.debug("connected", { transport: name, resumed: connected.resumed === true });
    this.sink.status({ status: "online" }, null);
    this.sink.up(connected, name);
    this.#timer("look", LOOK_EVERY_MS, () => this.#look());
    const climb = climbInMs(this.#ladder);
    if (climb === null) {
      this.#clear("climb");
    } else {
      this.#timer("climb", climb, () => void this.#climb(token));
    }
  }

  #look(): void {
    const now = this.means.clock.now();
    if (this.#link?.sends) {
      const pulsed: Pulse = { intervalMs: this.#intervalMs, heardAt: this.#heardAt, beatAt: this.#beatAt, awaitedSince: this.sink.awaitedSince() };
      const found = pulse(pulsed, now);
      if (found === "dead") {
        this.#closed({ code: 1006, reason: "silent", waitMs: null });
        return;
      }
      if (found === "beat") {
        this.#beat();
      }
    } else if (isSilent(this.#heardAt, Math.max(this.#intervalMs, INTERVAL_MS), now)) {
      this.#closed({ code: 1006, reason: "silent", waitMs: null });
      return;
    }
    this.#timer("look", LOOK_EVERY_MS, () => this.#look());
  }

  #beat(): void {
    this.#beatAt = this.means.clock.now();
    this.#link?.send({ type: "heartbeat" });
  }

  async #refresh(): Promise<void> {
    const attempt = this.#attempt;
    try {
      const token = await this.tokens.fetch("refresh");
      if (attempt === this.#attempt) {
        // A stream or a poll takes it with its next request.
        this.#link?.send({ type: "token.refresh", payload: { token } });
      }
    } catch (error) {
      const failed = asError(error);
      this.sink.debug("token not refreshed", { code: failed.code });
      if (attempt === this.#attempt && failed.code === "SIGNED_OUT") {
        this.#leave();
        this.#halt("signed-out", failed);
      }
    }
  }

  /** Tries the first transport beside the one that works, and changes over where it connects. */
  async #climb(token: string): Promise<void> {
    const [name] = this.#ladder.order;
    const attempt = this.#attempt;
    const open = await OPENERS[name!]();
    if (attempt !== this.#attempt) {
      return;
    }
    const done = (isUp: boolean) => {
      if (attempt !== this.#attempt || !this.#probe) {
        return;
      }
      this.#probe.close();
      this.#probe = null;
      this.#ladder = isUp ? reached(this.#ladder, name!) : climbFailed(this.#ladder);
      if (isUp) {
        this.#leave();
        void this.#connect();
      } else {
        this.#timer("climb", climbInMs(this.#ladder) ?? 0, () => void this.#climb(token));
      }
    };
    const events = { frame: (frame: Frame) => done(frame.type === "connected"), heard: () => {}, closed: () => done(false) };
    this.#probe = open({ ...this.#dial(token), resume: null }, events, this.means);
    this.#timer("climb", CONNECT_WITHIN_MS, () => done(false));
  }

  #closed(ended: Ended, token: string | null = null): void {
    const lastedMs = this.#opened ? this.means.clock.now() - this.#openedAt : 0;
    const closing: Closing = { ...ended, opened: this.#opened, lastedMs, waitMs: ended.waitMs ?? this.#drainMs };
    this.sink.debug("closed", { code: closing.code, opened: closing.opened, waitMs: closing.waitMs });
    const failed = !closing.opened && !isServersWord(closing.code);
    if (failed) {
      this.#ladder = stepDown(this.#ladder);
    }
    this.#leave();
    this.#closeCode = closing.code;
    const next = afterClose(closing);
    switch (next.kind) {
      case "retry":
        if (failed && this.#ladder.index > 0) {
          // The way of one transport is closed; that of the next one may be open.
          this.#wait(0, null);
          return;
        }
        this.#failures = next.grows ? this.#failures + 1 : 0;
        this.#wait(next.exactly ?? backoffMs(Math.max(0, this.#failures - 1), this.random, next.atLeastMs), null);
        return;
      case "token":
        if (this.tokens.refuse(token)) {
          this.#wait(backoffMs(0, this.random), null);
        } else {
          this.#halt("token", new MilenaError("UNAUTHORIZED", "fresh tokens were refused too"));
        }
        return;
      case "stop":
        if (next.wipe) {
          this.sink.wipe();
        }
        this.#halt(next.reason, new MilenaError("UNAUTHORIZED", closing.reason, undefined, undefined, closing.reason));
    }
  }

  #wait(ms: number, error: MilenaError | null): void {
    this.sink.status({ status: "waiting", retryAt: this.means.clock.now() + ms, closeCode: this.#closeCode }, error);
    this.#timer("retry", ms, () => void this.#connect());
  }

  #halt(stopReason: StopReason, error: MilenaError): void {
    this.#wanted = false;
    this.tokens.forget();
    this.sink.status({ status: "stopped", stopReason }, error);
  }

  /** Lets go of the connection, if there is one. */
  #leave(): void {
    this.#attempt++;
    for (const name of [...this.#timers.keys()]) {
      this.#clear(name);
    }
    this.#link?.close();
    this.#probe?.close();
    this.#link = this.#probe = null;
    this.#isConnecting = false;
    this.#drainMs = null;
    if (this.#opened) {
      this.#opened = false;
      this.sink.down();
    }
  }

  #timer(name: "retry" | "look" | "climb" | "connect", ms: number, run: () => void): void {
    this.#clear(name);
    this.#timers.set(name, this.means.clock.setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, ms));
  }

  #clear(name: "retry" | "look" | "climb" | "connect"): void {
    this.means.clock.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
