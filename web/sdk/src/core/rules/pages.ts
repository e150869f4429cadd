import type { History } from "../protocol.js";
import { stepsOf, type RawEntry } from "./entries.js";
import type { Step } from "./sequence.js";

/** A page of history as a run: all that is to be known of the numbers `from` to `to`. */
export interface Run {
  readonly steps: Step[];
  readonly from: number;
  readonly to: number;
  /** whether there may be more beyond, in the direction of the page */
  readonly hasMore: boolean;
}

/** What a page behind `after` says, oldest first. */
export function runAfter(page: History, after: number, conversationId: string, me: string | null): Run {
  const end = page.hasMore ? numberOf(page.nextCursor) : null;
  const to = Math.max(after, end ?? newestOf(page));
  return { steps: stepsOf(page.messages as RawEntry[], conversationId, me), from: after + 1, to, hasMore: page.hasMore && to > after };
}

/** What a page before a number says, newest first; without a number it is the end of the conversation. */
export function runBefore(page: History, before: number | null, conversationId: string, me: string | null): Run {
  const steps = stepsOf(page.messages as RawEntry[], conversationId, me);
  const to = before === null ? newestOf(page) : before - 1;
  const oldest = Math.min(to + 1, ...steps.map((step) => step.n), ...page.expired.map((range) => range.from));
  const from = page.hasMore ? (numberOf(page.nextCursor) ?? oldest) : oldest;
  return { steps, from, to, hasMore: page.hasMore && (before === null || from < before) };
}

function newestOf(page: History): number {
  return Math.max(0, ...page.messages.map((entry) => entry.sequenceNumber), ...page.expired.map((range) => range.to));
}

/** The number that a cursor such as `seq_1449` stands for. */
function numberOf(cursor: string | undefined): number | null {
  const digits = /\d+$/.exec(cursor ?? "");
  return digits ? Number(digits[0]) : null;
}
