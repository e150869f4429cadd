import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { MilenaClient } from "../src/core/client.js";
import type { ClientStorage, Message } from "../src/core/types.js";
import { indexedDbStorage, storageIn } from "../src/outbox/index.js";
import { VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";
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
  const client = (online = true) => new MilenaClient({
    server: address, user: { userId: "alice" }, storage, clock, random, transports: ["websocket"],
    token: async () => {
      if (!online) {
        throw new Error("no network");
      }
      return token;
    },
    webSocket: webSocketOf(server, "alice"), fetch: server.fetchOf("alice"),
  });
  return { clock, server, client };
}

const texts = (client: MilenaClient) => client.conversation("d1").messages.getSnapshot().items
  .filter((item): item is Message => item.kind === "message").map((item) => `${item.content?.text} ${item.state}`);

describe("what is kept in IndexedDB", () => {
  it("is shown before there is a connection, and sent once there is", async () => {
    const { clock, server, client } = world();
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
    expect(await after.signOut()).toEqual({ signedOut: true, waitingMessages: 0 });
    offline.close();
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
        load: async () => ({ deviceId: null, conversations: [], outbox: [] }), kept: async () => null, setDeviceId: async () => {},
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
