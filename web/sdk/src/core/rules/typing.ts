/** What this user types in one conversation; times in milliseconds. */
export interface TypingState {
  /** when the first key of this run came; null where nobody types */
  readonly since: number | null;
  readonly lastKeyAt: number;
  /** when `typing.start` was sent last; null if not yet */
  readonly saidAt: number | null;
}

export interface TypingStep {
  readonly state: TypingState;
  readonly say: "typing.start" | "typing.stop" | null;
  /** when to look again; null: not before the next key */
  readonly wakeAt: number | null;
}

const DEBOUNCE_MS = 300;
const STOP_AFTER_MS = 3_000;
/** The server forgets it after 5 seconds. */
const REPEAT_MS = 4_000;

export const NOT_TYPING: TypingState = { since: null, lastKeyAt: 0, saidAt: null };

export function key(state: TypingState, now: number): TypingStep {
  return look({ ...state, since: state.since ?? now, lastKeyAt: now }, now);
}

/** The time has come that `wakeAt` named. */
export function look(state: TypingState, now: number): TypingStep {
  if (state.since === null) {
    return { state, say: null, wakeAt: null };
  }
  const stopAt = state.lastKeyAt + STOP_AFTER_MS;
  if (now >= stopAt) {
    return stop(state);
  }
  const startAt = state.saidAt === null ? state.since + DEBOUNCE_MS : state.saidAt + REPEAT_MS;
  return now >= startAt
    ? { state: { ...state, saidAt: now }, say: "typing.start", wakeAt: Math.min(stopAt, now + REPEAT_MS) }
    : { state, say: null, wakeAt: Math.min(stopAt, startAt) };
}

/** The field is empty. */
export function stop(state: TypingState): TypingStep {
  return { state: NOT_TYPING, say: state.saidAt === null ? null : "typing.stop", wakeAt: null };
}
