import { banIn, MilenaError, type ErrorCode } from "./errors.js";
import type { Frame } from "./link/link.js";
import type { Clock } from "./types.js";

const ANSWER_WITHIN_MS = 20_000;
/** Requests without an answer; beyond it a request is refused with `UNAVAILABLE`. */
const REQUESTS_MAX = 512;

interface Request {
  since: number;
  timer: unknown;
  resolve(answer: Frame): void;
  reject(error: MilenaError): void;
}

/** Frames that have answers: which answer is whose. */
export class Wire {
  readonly #requests = new Map<string, Request>();
  #count = 0;

  /**
   * @param prefix of the ids, so that two wires over one connection do not meet
   * @param send carries a frame; does nothing where there is no connection
   */
  constructor(
    private readonly prefix: string,
    private readonly clock: Clock,
    private readonly send: (frame: Frame) => void,
  ) {}

  /** Sends a frame that has no answer, or none that matters. */
  tell(frame: Frame): void {
    this.send(frame);
  }

  /** Sends a frame and gives its answer; rejects with a `MilenaError`, `UNAVAILABLE` if the connection breaks before. */
  ask(frame: Frame): Promise<Frame> {
    if (this.#requests.size >= REQUESTS_MAX) {
      return Promise.reject(new MilenaError("UNAVAILABLE", "too much is under way"));
    }
    const id = `${this.prefix}${++this.#count}`;
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimeout(() => this.#end(id)?.reject(cutOff()), ANSWER_WITHIN_MS);
      this.#requests.set(id, { since: this.clock.now(), timer, resolve, reject });
      this.send({ ...frame, id });
    });
  }

  /** True if the frame was the answer to a request of this wire. */
  answered(frame: Frame): boolean {
    const request = frame.id === undefined ? null : this.#end(frame.id);
    if (!request) {
      return false;
    }
    if (frame.type === "error") {
      request.reject(refusal(frame));
    } else {
      request.resolve(frame);
    }
    return true;
  }

  /** Since when the oldest request waits; null if none does. */
  awaitedSince(): number | null {
    const [oldest] = this.#requests.values();
    return oldest?.since ?? null;
  }

  /** The connection is gone, and with it all answers. */
  cut(): void {
    for (const id of [...this.#requests.keys()]) {
      this.#end(id)!.reject(cutOff());
    }
  }

  #end(id: string): Request | null {
    const request = this.#requests.get(id);
    if (!request) {
      return null;
    }
    this.#requests.delete(id);
    this.clock.clearTimeout(request.timer);
    return request;
  }
}

function cutOff(): MilenaError {
  return new MilenaError("UNAVAILABLE", "there was no answer; it may be done");
}

export function refusal(frame: Frame): MilenaError {
  const payload = frame.payload ?? {};
  const { error = "UNAVAILABLE", message = "", retryAfter, limit } = payload;
  const retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1_000;
  return new MilenaError(error as ErrorCode, String(message), retryAfterMs, limit, undefined, banIn(payload));
}
