// What the tests against a real server have in common; see run.mjs for the environment.
import { execFileSync } from "node:child_process";

export const url = process.env.MILENA_URL ?? "http://127.0.0.1:8080";
const command = (process.env.MILENA_TOKEN_COMMAND ?? "../../milena token --unlimited").split(" ");
const WITHIN_MS = Number(process.env.MILENA_WITHIN_MS ?? 240_000);
/** Makes the users of each run new ones. */
export const run = Date.now().toString(36);

export function tokenOf(userId) {
  return execFileSync(command[0], [...command.slice(1), userId], { encoding: "utf8" }).trim();
}

/** Waits, bounded, until something is true; `what` says what was waited for. */
export async function until(what, isDone) {
  const end = Date.now() + WITHIN_MS;
  while (!isDone()) {
    if (Date.now() > end) {
      throw new Error(`not within ${WITHIN_MS / 1_000} s: ${what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function check(what, isRight) {
  if (!isRight) {
    throw new Error(`wrong: ${what}`);
  }
}
