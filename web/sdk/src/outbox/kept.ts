/** The run of a conversation's numbers that is kept locally, both ends included. */
export interface Kept {
  readonly from: number;
  readonly to: number;
}

export interface KeptStep {
  readonly kept: Kept;
  /** what is no longer kept */
  readonly dropped: Kept[];
  /** whether the run that came is kept, at least in part */
  readonly takes: boolean;
}

/** As much as is kept of one conversation. */
const NUMBERS_MAX = 500;

/** What is kept once the numbers `from` to `to` came too: one run, the newest numbers of it. */
export function keep(kept: Kept | null, run: Kept): KeptStep {
  if (!kept || run.from > kept.to + 1) {
    return cut(run, kept ? [kept] : [], true);
  }
  if (run.to < kept.from - 1) {
    return { kept, dropped: [], takes: false };
  }
  return cut({ from: Math.min(kept.from, run.from), to: Math.max(kept.to, run.to) }, [], true);
}

function cut(run: Kept, dropped: Kept[], takes: boolean): KeptStep {
  const from = Math.max(run.from, run.to - NUMBERS_MAX + 1);
  return {
    kept: { from, to: run.to },
    dropped: from > run.from ? [...dropped, { from: run.from, to: from - 1 }] : dropped,
    takes,
  };
}

/** The conversations whose runs are let go, longest without an event first, so that `max` numbers are left. */
export function evicted<T extends Kept & { readonly lastEventAt: number }>(runs: readonly T[], max: number): T[] {
  let total = runs.reduce((sum, run) => sum + run.to - run.from + 1, 0);
  return [...runs].sort((a, b) => a.lastEventAt - b.lastEventAt).filter((run) => {
    const goes = total > max;
    total -= goes ? run.to - run.from + 1 : 0;
    return goes;
  });
}
