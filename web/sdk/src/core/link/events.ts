import { refusalOf } from "../calls.js";
import { codeOfStatus } from "../rules/closing.js";
import { frameOf, query, type OpenLink } from "./link.js";

/** One event of a stream, as far as it matters here. */
export interface StreamEvent {
  readonly id: string | null;
  /** null for a comment */
  readonly data: string | null;
}

/** What may come of one event; a longer one ends the stream. */
const EVENT_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Cuts the text of a stream of server-sent events into events. */
export class EventParser {
  #rest = "";
  #id: string | null = null;
  #data: string[] = [];

  /** Throws if an event is beyond all bounds. */
  take(text: string): StreamEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    if (this.#rest.length > EVENT_CHARACTERS_MAX) {
      throw new RangeError("an event is too long");
    }
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamEvent | null {
    if (line === "") {
      const event = this.#data.length > 0 || this.#id !== null ? { id: this.#id, data: this.#data.length > 0 ? this.#data.join("\n") : null } : null;
      this.#data = [];
      this.#id = null;
      return event;
    }
    if (line.startsWith(":")) {
      return { id: null, data: null };
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (name === "data") {
      this.#data.push(value!);
    } else if (name === "id") {
      this.#id = value!;
    }
    return null;
  }
}

/** Frames as server-sent events, read with `fetch` so that the token stays in a head. */
export const openEvents: OpenLink = (dial, events, { fetcher }) => {
  const abort = new AbortController();
  const end = (code: number, reason: string, waitMs: number | null = null) => {
    if (!abort.signal.aborted) {
      abort.abort();
      events.closed({ code, reason, waitMs });
    }
  };
  void (async () => {
    const answer = await fetcher(`${dial.server}/events${query({ device_id: dial.deviceId, resume: dial.resume, route: dial.route })}`, {
      headers: { Authorization: `Bearer ${dial.token}`, Accept: "text/event-stream" },
      signal: abort.signal, credentials: "omit", cache: "no-store",
    });
    if (!answer.ok || !answer.body) {
      const refused = refusalOf(answer, await answer.text());
      end(codeOfStatus(answer.status), refused.reason ?? (answer.status === 403 ? "origin" : ""), refused.retryAfterMs ?? null);
      return;
    }
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || abort.signal.aborted) {
        break;
      }
      for (const event of parser.take(decoder.decode(value, { stream: true }))) {
        const frame = event.data === null ? null : frameOf(event.data);
        if (frame) {
          events.frame(frame, event.id);
        } else {
          events.heard(event.id);
        }
      }
    }
    end(1000, "");
  })().catch(() => end(1006, ""));
  return { sends: false, send: () => {}, close: () => abort.abort() };
};
