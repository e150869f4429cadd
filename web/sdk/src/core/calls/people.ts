import type { Engine } from "../engine.js";
import type { Profile, ProfileChange } from "../types.js";

const PAGE = 200;
const PAGES_MAX = 10;

export async function setProfile(engine: Engine, profile: ProfileChange): Promise<Profile> {
  const set = await engine.calls.call<Profile>("PUT", "/api/v1/users/me", { body: profile, again: true });
  engine.people.shows(set);
  return set;
}

export async function setBlocked(engine: Engine, userId: string, blocked: boolean): Promise<void> {
  await engine.calls.call(blocked ? "PUT" : "DELETE", `/api/v1/blocks/${encodeURIComponent(userId)}`, { again: true });
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
