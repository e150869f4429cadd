import type { Client } from "@milena/sdk";

/** What is known of the server. */
export interface ServerFacts {
  charactersMax: number;
  /** what it served when it was last there; see `ConnectionState.featureLevel` */
  level: number;
}

/** From which level on the server serves what; see docs/protocol.md. */
export const LEVEL = { changes: 2, profiles: 2, quotes: 3, mentions: 4, personal: 5, threads: 6, reactions: 7, blocks: 8, follows: 10, pinList: 11, devices: 16, reports: 18 } as const;

const CHARACTERS_MAX = 4_000;

/** What a client's server says of itself; until it does, what is usual. */
export function factsOf(client: Client, server: string): ServerFacts {
  const facts = { charactersMax: CHARACTERS_MAX, level: 0 };
  client.connection.subscribe(() => {
    facts.level = client.connection.getSnapshot().featureLevel || facts.level;
  });
  void load(server, facts);
  return facts;
}

async function load(server: string, facts: ServerFacts): Promise<void> {
  try {
    const answer = await fetch(`${server}/api/v1/server`);
    const { limits } = (await answer.json()) as { limits: Record<string, number> };
    facts.charactersMax = limits["textCharactersMax"] ?? CHARACTERS_MAX;
  } catch {
    // The usual ones, then.
  }
}
