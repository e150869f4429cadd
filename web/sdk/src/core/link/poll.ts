import { refusalOf } from "../calls.js";
import { codeOfStatus } from "../rules/closing.js";
import { query, type Frame, type OpenLink } from "./link.js";

const WAIT_SECONDS = 25;
const ANSWER_WITHIN_MS = 45_000;

/** Frames by one long poll after the other. */
export const openPoll: OpenLink = (dial, events, { fetcher, clock }) => {
  const abort = new AbortController();
  const end = (code: number, reason: string, waitMs: number | null = null) => {
    if (!abort.signal.aborted) {
      abort.abort();
      events.closed({ code, reason, waitMs });
    }
  };
  void (async () => {
    let cursor = dial.resume;
    for (let first = true; !abort.signal.aborted; first = false) {
      const timer = clock.setTimeout(() => end(1006, "no answer"), ANSWER_WITHIN_MS);
      const path = `/poll${query({ device_id: dial.deviceId, cursor, route: dial.route, wait: first ? 0 : WAIT_SECONDS })}`;
      const answer = await fetcher(dial.server + path, {
        headers: { Authorization: `Bearer ${dial.token}` },
        signal: abort.signal, credentials: "omit", cache: "no-store",
      }).finally(() => clock.clearTimeout(timer));
      const text = await answer.text();
      if (!answer.ok) {
        const refused = refusalOf(answer, text);
        end(codeOfStatus(answer.status), refused.reason ?? (answer.status === 403 ? "origin" : ""), refused.retryAfterMs ?? null);
        return;
      }
      const said = JSON.parse(text) as { frames: Frame[]; cursor: string };
      if (abort.signal.aborted) {
        return;
      }
      if (first && said.frames[0]?.type !== "connected") {
        // A good cursor goes on without a word.
        events.frame({ type: "connected", connectionId: "", heartbeatInterval: WAIT_SECONDS * 1_000, resumeToken: "", resumed: true }, null);
      }
      for (const frame of said.frames) {
        events.frame(frame, null);
      }
      cursor = said.cursor;
      events.heard(cursor);
    }
  })().catch(() => end(1006, ""));
  return { sends: false, send: () => {}, close: () => abort.abort() };
};
