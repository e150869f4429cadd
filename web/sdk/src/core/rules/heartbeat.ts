/** What is known of a connection's life; times in milliseconds of one clock. */
export interface Pulse {
  readonly intervalMs: number;
  /** when anything came last */
  readonly heardAt: number;
  /** when the last heartbeat was sent */
  readonly beatAt: number;
  /** since when an answer is awaited; null where none is */
  readonly awaitedSince: number | null;
}

const ANSWER_WITHIN_MS = 10_000;

/** `beat`: a heartbeat is due. `dead`: the connection is given up. */
export function pulse(state: Pulse, now: number): "well" | "beat" | "dead" {
  const unanswered = state.beatAt > state.heardAt;
  if (unanswered && now - state.beatAt >= ANSWER_WITHIN_MS) {
    return "dead";
  }
  if (unanswered) {
    return "well";
  }
  const quietSince = state.awaitedSince === null ? null : Math.max(state.awaitedSince, state.heardAt);
  return now - state.beatAt >= state.intervalMs || (quietSince !== null && now - quietSince >= ANSWER_WITHIN_MS)
    ? "beat"
    : "well";
}

/** Whether a stream that only listens is dead: its server says something twice in each interval. */
export function isSilent(heardAt: number, intervalMs: number, now: number): boolean {
  return now - heardAt > 1.5 * intervalMs + 5_000;
}
