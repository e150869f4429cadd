import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { engineOf, MilenaClient } from "../src/core/client.js";
import type { ClientStorage, Message } from "../src/core/types.js";
import { indexedDbStorage, storageIn } from "../src/outbox/index.js";
import { VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";
// Loaded when needed; here before, since the virtual clock does not wait for files.
import "../src/core/calls/own.js";
import "../src/core/standing.js";
import { NO_FAULTS, ScriptedServer, webSocketOf } from "./sim/server.js";

const token = `x.${btoa('{"sub":"alice"}')}.x`;
let scopes = 0;

/** IndexedDB takes turns of the machine's own, beside those of the virtual clock. */
async function pause(isDone: () => boolean, clock: VirtualClock): Promise<void> {
  for (let turn = 0; turn < 500 && !isDone(); turn++) {
    await clock.run(100);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(isDone()).toBe(true);
}

function world(storage: ClientStorage = indexedDbStorage()) {
  const clock = new VirtualClock();
  const random = seeded(++scopes);
  const server = new ScriptedServer(clock, random);
  server.faults = NO_FAULTS;
  server.talk("d1", "direct", ["alice", "bob"]);
  const address = `http://milena${scopes}.test`;
  const left: unknown[] = [];
  const fetcher = (async (url: string, init: RequestInit) => {
    if (init.method !== "DELETE") {
      return server.fetchOf("alice")(url, init);
    }
    left.push([url.slice(address.length), init.keepalive]);
    return new Promise(() => {});
  }) as unknown as typeof fetch;
  const client = (online = true) => new MilenaClient({
    server: address, user: { userId: "alice" }, storage, clock, random, transports: ["websocket"],
    token: async () => {
      if (!online) {
        throw new Error("no network");
      }
      return token;
    },
    webSocket: webSocketOf(server, "alice"), fetch: fetcher,
  });
  return { clock, server, client, left, address };
}

const texts = (client: MilenaClient) => client.conversation("d1").messages.getSnapshot().items
  .filter((item): item is Message => item.kind === "message").map((item) => `${item.content?.text} ${item.state}`);

describe("what is kept in IndexedDB", () => {
  it("has the warnings of a user until they are dismissed", async () => {
    const { clock, server, client } = world();
    const first = client();
    first.connect();
    await pause(() => first.connection.getSnapshot().upToDate && first.connection.getSnapshot().durable, clock);
    const warnings = [1, 2].map((timestamp) => ({ conversationId: "d1", messageId: "m1", text: "be kind", timestamp }));
    warnings.forEach((payload) => server.sockets.forEach((socket) => socket.frame({ type: "moderation.warning", payload })));
    const of = (one: MilenaClient) => one.standing.getSnapshot().warnings;
    await pause(() => of(first).length === 2, clock);
    first.dismiss(warnings[0]!);
    expect(of(first).length).toBe(1);
    await engineOf(first).keeper!.flush();
    first.close();
    const second = client(false);
    await pause(() => of(second).length === 1, clock);
    expect(of(second)).toEqual([warnings[1]]);
    await second.signOut({ force: true });
    const third = client(false);
    await pause(() => third.connection.getSnapshot().durable, clock);
    expect(of(third)).toEqual([]);
  });

  it("is shown before there is a connection, and sent once there is", async () => {
    const { clock, server, client, left, address } = world();
    const first = client();
    first.conversation("d1").messages.subscribe(() => {});
    first.connect();
    await pause(() => first.connection.getSnapshot().upToDate && first.connection.getSnapshot().durable, clock);
    first.conversation("d1").send("one");
    await pause(() => texts(first)[0] === "one SENT", clock);
    await clock.run(1_000);
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 30));

    const offline = client(false);
    // Before the storage is open, as a page that begins with a conversation does.
    offline.conversation("d1").messages.subscribe(() => {});
    offline.connect();
    await pause(() => offline.conversations.getSnapshot().items.length === 1, clock);
    await pause(() => texts(offline).length === 1, clock);
    offline.conversation("d1").send("two");
    offline.conversation("d1").send("three");
    expect(texts(offline)).toEqual(["one SENT", "two SENDING", "three SENDING"]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    // Not closed: the tab crashed.

    const after = client();
    after.conversation("d1").messages.subscribe(() => {});
    after.connect();
    await pause(() => after.connection.getSnapshot().upToDate && after.connection.getSnapshot().waitingMessages === 0, clock);
    expect(server.talks.get("d1")!.entries.filter((entry) => entry.kind === "message").map((entry) => entry.content.text)).toEqual(["one", "two", "three"]);
    await pause(() => texts(after).length === 3, clock);
    // It says so to the server, whose answer is awaited for a moment alone.
    const { deviceId } = engineOf(after);
    expect(deviceId).toBe(engineOf(first).deviceId);
    let said: unknown = null;
    void after.signOut().then((result) => (said = result));
    await pause(() => said !== null, clock);
    expect(said).toEqual({ signedOut: true, waitingMessages: 0 });
    expect(left).toEqual([[`/api/v1/devices/${deviceId}`, true]]);
    expect((await indexedDB.databases()).map(({ name }) => name).filter((name) => name!.includes(address))).toEqual([]);
    offline.close();
  });

  it("has one device for all tabs, also where they open it at the same time, and another one after signing out", async () => {
    const { clock, client, left } = world();
    const tabs = [client(), client(), client()];
    await pause(() => tabs.every((tab) => tab.connection.getSnapshot().durable), clock);
    const ids = new Set(tabs.map((tab) => engineOf(tab).deviceId));
    expect(ids.size).toBe(1);
    // Nobody is to be found at the server by a client that was signed out there.
    await Promise.all(tabs.map((tab) => engineOf(tab).wipe()));
    expect(left).toEqual([]);
    const next = client();
    await pause(() => next.connection.getSnapshot().durable, clock);
    expect(ids).not.toContain(engineOf(next).deviceId);
    next.close();
  });

  it("is asked for before it is thrown away", async () => {
    const { clock, client } = world();
    const offline = client(false);
    await pause(() => offline.connection.getSnapshot().durable, clock);
    offline.conversation("d1").send("one");
    expect(await offline.signOut()).toEqual({ signedOut: false, waitingMessages: 1 });
    expect(await offline.signOut({ force: true })).toEqual({ signedOut: true, waitingMessages: 1 });
  });

  it("is done without where storage is forbidden, full, or deleted meanwhile", async () => {
    const broken: ClientStorage[] = [
      storageIn({ open: () => Promise.reject(new DOMException("forbidden", "SecurityError")) }),
      storageIn({ open: async () => ({
        load: async () => ({ conversations: [], outbox: [] }), kept: async () => null, keepDeviceId: async (made) => made,
        write: () => Promise.reject(new DOMException("full", "QuotaExceededError")), wipe: async () => {}, close: () => {},
      }) }),
      indexedDbStorage({ open: () => { throw new Error("gone"); } } as unknown as IDBFactory),
    ];
    for (const storage of broken) {
      const { clock, client } = world(storage);
      const one = client();
      one.conversation("d1").messages.subscribe(() => {});
      one.connect();
      one.conversation("d1").send("one");
      await pause(() => texts(one)[0] === "one SENT", clock);
      expect(one.connection.getSnapshot().durable).toBe(false);
      one.close();
    }
    const { clock, client } = world();
    const one = client();
    one.conversation("d1").messages.subscribe(() => {});
    one.connect();
    await pause(() => one.connection.getSnapshot().upToDate && one.connection.getSnapshot().durable, clock);
    for (const { name } of await indexedDB.databases()) {
      indexedDB.deleteDatabase(name!);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    one.conversation("d1").send("one");
    await pause(() => texts(one)[0] === "one SENT" && !one.connection.getSnapshot().durable, clock);
    one.close();
  });
});
