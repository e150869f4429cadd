import type { Closing } from "../rules/closing.js";
import type { Clock } from "../types.js";

/** A frame as it goes over the wire; types of later servers too. */
export interface Frame {
  type: string;
  id?: string;
  // Checked where it is read: a server of a later version may send anything.
  payload?: any;
  [field: string]: any;
}

export interface Dial {
  readonly server: string;
  readonly token: string;
  readonly deviceId: string;
  /** where to go on from; null for the first time */
  readonly resume: string | null;
  /** the hint for proxies of the last connection */
  readonly route: string | null;
}

/** How a link ended; what it was before is for who opened it to know. */
export type Ended = Pick<Closing, "code" | "reason" | "waitMs">;

export interface LinkEvents {
  /** @param resume where to go on from behind this frame, if the transport says so */
  frame(frame: Frame, resume: string | null): void;
  /** something came that is no frame */
  heard(resume: string | null): void;
  /** at most once, and the last */
  closed(closing: Ended): void;
}

/** One connection of one transport. */
export interface Link {
  /** false if it cannot carry frames of the client, which then go by REST */
  readonly sends: boolean;
  send(frame: Frame): void;
  /** Ends it without a word to the events. */
  close(): void;
}

export interface Means {
  readonly fetcher: typeof fetch;
  readonly webSocket: typeof WebSocket | undefined;
  readonly clock: Clock;
}

export type OpenLink = (dial: Dial, events: LinkEvents, means: Means) => Link;

/** The frame in a text; null if it is none. */
export function frameOf(text: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(text)) as Frame | null;
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}

/** `?name=value…` of those that are there. */
export function query(fields: Record<string, string | number | null>): string {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== "");
  return said.length === 0 ? "" : `?${said.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&")}`;
}
