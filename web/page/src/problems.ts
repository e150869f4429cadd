import type { Client } from "@milena/sdk";
import { MilenaError } from "@milena/sdk";
import { momentOf } from "./dates.js";
import { texts } from "./texts.js";

/** What a call was refused with, in words for the one who made it. */
export function problemOf(error: unknown, client: Client): string {
  if (!(error instanceof MilenaError)) {
    return texts.failed(String(error));
  }
  if (error.code === "UNAVAILABLE" && client.connection.getSnapshot().status !== "online") {
    return texts.isOffline;
  }
  if (error.ban) {
    return [texts.standing.bannedPlain, error.ban.until === undefined ? "" : texts.standing.until(momentOf(error.ban.until))].join(" ").trim();
  }
  return texts.refused[error.code] ?? texts.failed(error.message);
}
