import { MilenaClient } from "@milena/sdk";
import { browserTabs, indexedDbStorage } from "@milena/sdk/outbox";
import { factsOf, LEVEL, type ServerFacts } from "./facts.js";
import { keep, kept } from "./kept.js";
import { type Me, Names } from "./names.js";
import { Push } from "./push.js";

/** What the server says of the page; see `GET /web.json`. */
export interface WebSettings {
  readonly server: string;
  readonly signIn: "development" | "url" | "none";
  readonly tokenUrl?: string;
}

/** Somebody who is signed in, and the client that speaks for them. */
export interface Session {
  readonly me: Me;
  readonly client: MilenaClient;
  readonly facts: ServerFacts;
  readonly names: Names;
  /** left out where the service worker is not this page's */
  readonly push?: Push;
}

export type SignInProblem = "failed" | "tooMany" | "notSetUp" | "elsewhere" | { readonly words: string };

const SETTINGS_KEY = "milena.web";
const ME_KEY = "milena.me";

/** What the server says of the page or, while it is away, what it said last. */
export async function loadSettings(): Promise<WebSettings | null> {
  try {
    const answer = await fetch("web.json", { cache: "no-store" });
    if (!answer.ok) {
      throw new Error(`answered ${answer.status}`);
    }
    const settings = (await answer.json()) as WebSettings;
    keep(SETTINGS_KEY, settings);
    return settings;
  } catch {
    return kept<WebSettings>(SETTINGS_KEY);
  }
}

/** Who was signed in at the last visit. */
export function lastMe(): Me | null {
  const me = kept<Me>(ME_KEY);
  return me !== null && typeof me.userId === "string" && typeof me.name === "string" ? me : null;
}

export function forgetMe(): void {
  keep(ME_KEY, null);
}

interface Signed {
  readonly token: string;
  readonly me: Me;
}

/** Signs in by a name alone, which only a server for development allows. */
async function developmentToken(name: string): Promise<Signed | SignInProblem> {
  const answer = await fetch("dev/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  if (answer.ok) {
    const { token, userId } = (await answer.json()) as { token: string; userId: string };
    return { token, me: { userId, name } };
  }
  switch (answer.status) {
    case 404:
      return "notSetUp";
    case 429:
      return "tooMany";
    case 400:
      return { words: ((await answer.json()) as { message: string }).message.replace(/^name: /, "A name ") };
    default:
      return "failed";
  }
}

/** Asks the host application for a token of the user who is signed in there. */
async function hostToken(tokenUrl: string): Promise<Signed | SignInProblem> {
  const answer = await fetch(tokenUrl, { method: "POST", credentials: "include" });
  if (answer.status === 401) {
    return "elsewhere";
  }
  if (!answer.ok) {
    return "failed";
  }
  const { token } = (await answer.json()) as { token: string };
  const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string; name?: string };
  return { token, me: { userId: claims.sub, name: claims.name || claims.sub } };
}

function isProblem(result: Signed | SignInProblem): result is SignInProblem {
  return typeof result === "string" || "words" in result;
}

async function ask(settings: WebSettings, name: string): Promise<Signed | SignInProblem> {
  if (settings.signIn === "url" && settings.tokenUrl) {
    return hostToken(settings.tokenUrl);
  }
  return settings.signIn === "development" ? developmentToken(name) : "notSetUp";
}

/** Signs in; the token goes straight to the client, and is kept nowhere else. */
export async function signIn(settings: WebSettings, name: string): Promise<Session | SignInProblem> {
  let first: Signed | SignInProblem;
  try {
    first = await ask(settings, name);
  } catch {
    return "failed";
  }
  if (isProblem(first)) {
    return first;
  }
  keep(ME_KEY, first.me);
  const signedIn = session(settings, first.me, first.token);
  showFirst(signedIn);
  return signedIn;
}

/** Who never said what to be called shows the name that was typed. */
function showFirst({ client, me }: Session): void {
  const end = client.connection.subscribe(() => {
    if (client.connection.getSnapshot().featureLevel >= LEVEL.profiles) {
      end();
      const unlook = client.profile(me.userId).subscribe(() => {
        const shown = client.profile(me.userId).getSnapshot();
        if (shown !== null) {
          queueMicrotask(unlook);
          if (shown.updatedAt === undefined && me.name !== "") {
            client.setProfile({ name: me.name }).catch(() => undefined);
          }
        }
      });
    }
  });
}

/** Goes on as who was signed in before, without the server if it is away. */
export function resume(settings: WebSettings, me: Me): Session {
  return session(settings, me, null);
}

function session(settings: WebSettings, me: Me, first: string | null): Session {
  let unused = first;
  const server = new URL(settings.server, location.href).origin;
  const client = new MilenaClient({
    server,
    user: { userId: me.userId },
    storage: indexedDbStorage(),
    tabs: browserTabs(),
    token: async () => {
      const token = unused;
      unused = null;
      if (token !== null) {
        return token;
      }
      const again = await ask(settings, me.name);
      if (isProblem(again)) {
        if (again === "failed" || again === "tooMany") {
          throw new Error("no token is to be had now");
        }
        return null;
      }
      // Another user has signed in at the host application meanwhile.
      return again.me.userId === me.userId ? again.token : null;
    },
  });
  const facts = factsOf(client, server);
  client.connect();
  return { me, client, facts, names: new Names(client, me), push: new Push(client) };
}
