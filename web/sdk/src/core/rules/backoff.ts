/**
 * Milliseconds to wait before an attempt, `failures` of which failed before: anything up to 1, 2, 4 … 30 seconds, so that
 * clients that went together do not come back together. `atLeastMs` is what the server asked for.
 */
export function backoffMs(failures: number, random: () => number, atLeastMs = 0): number {
  const ceilingMs = Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5));
  return atLeastMs + Math.floor(random() * ceilingMs);
}
