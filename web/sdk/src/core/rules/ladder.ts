import type { TransportName } from "../types.js";

/** Which transport is tried next: the first one twice, then each lower one once, from the last one to the first again. */
export interface Ladder {
  readonly order: readonly TransportName[];
  readonly index: number;
  readonly failures: number;
  /** how often the first one was tried in vain while a lower one worked */
  readonly climbs: number;
}

const CLIMB_MS = 60_000;
const CLIMB_MS_MAX = 600_000;

export function ladder(order: readonly TransportName[]): Ladder {
  return { order, index: 0, failures: 0, climbs: 0 };
}

export function rung(state: Ladder): TransportName {
  return state.order[state.index]!;
}

/** An attempt failed before `connected`, and not by a word of the server. */
export function stepDown(state: Ladder): Ladder {
  return state.index === 0 && state.failures === 0
    ? { ...state, failures: 1 }
    : { ...state, index: (state.index + 1) % state.order.length, failures: 0 };
}

export function reached(state: Ladder, name: TransportName): Ladder {
  const index = state.order.indexOf(name);
  return { ...state, index, failures: 0, climbs: index === 0 ? 0 : state.climbs };
}

/** In how many milliseconds the first transport is tried beside the one that works; null at the top. */
export function climbInMs(state: Ladder): number | null {
  return state.index === 0 ? null : Math.min(CLIMB_MS_MAX, CLIMB_MS * 2 ** Math.min(state.climbs, 10));
}

export function climbFailed(state: Ladder): Ladder {
  return { ...state, climbs: state.climbs + 1 };
}
