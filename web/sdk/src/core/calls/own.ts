import type { Engine } from "../engine.js";
import type { FollowedThreads as ThreadsPage } from "../protocol.js";
import { itemOf, type RawEntry } from "../rules/entries.js";
import type { FollowedThreads, Profile, ProfileChange } from "../types.js";

const PAGE = 200;
const PAGES_MAX = 10;
const THREADS = 50;
const LEAVE_WITHIN_MS = 2_000;

/** Ends this device at the server. It is asked even if the page is closed meanwhile; the answer is awaited for a moment. */
export async function leave(engine: Engine): Promise<void> {
  await engine.opened();
  const path = `/api/v1/devices/${encodeURIComponent(engine.deviceId)}`;
  const moment = new Promise((resolve) => engine.clock.setTimeout(() => resolve(null), LEAVE_WITHIN_MS));
  await Promise.race([engine.calls.call("DELETE", path, { keepalive: true }), moment]);
}

export async function setProfile(engine: Engine, profile: ProfileChange): Promise<Profile> {
  const set = await engine.calls.call<Profile>("PUT", "/api/v1/users/me", { body: profile, again: true });
  engine.people.shows(set);
  return set;
}

export async function setBlocked(engine: Engine, userId: string, blocked: boolean): Promise<void> {
  await engine.calls.call(blocked ? "PUT" : "DELETE", `/api/v1/blocks/${encodeURIComponent(userId)}`, { again: true });
  engine.blocked.stale();
}

export async function blocked(engine: Engine): Promise<string[]> {
  const all: string[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const { blocks, nextCursor } = await engine.calls.call<{ blocks: { userId: string }[]; nextCursor?: string }>("GET", `/api/v1/blocks?limit=${PAGE}${cursor}`);
    all.push(...blocks.map(({ userId }) => userId));
    if (nextCursor === undefined) {
      break;
    }
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return all;
}

export async function threads(engine: Engine): Promise<FollowedThreads> {
  const page = await engine.calls.call<ThreadsPage>("GET", `/api/v1/threads?limit=${THREADS}`);
  const items = page.threads.flatMap(({ root, ...thread }) => {
    const item = itemOf(root as RawEntry, thread.conversationId, engine.me);
    return item?.kind === "message" ? [{ ...thread, root: item }] : [];
  });
  return { items, hasMore: page.nextCursor !== undefined };
}
