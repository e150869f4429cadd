import { describe, expect, it } from "vitest";
import { MilenaClient } from "../src/core/client.js";
import type { ClientOptions, DebugEvent, Message } from "../src/core/types.js";
import { tabsOver, type Tab, type Tabs } from "../src/outbox/index.js";
// Loaded when needed; here before, since the virtual clock does not wait for files.
import "../src/core/link/events.js";
import "../src/core/link/poll.js";
import "../src/core/link/rest.js";
import "../src/core/calls/conversation.js";
import "../src/core/calls/own.js";
import "../src/core/typist.js";
import "../src/core/watcher.js";
import { VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";
import { NO_FAULTS, ScriptedServer, ServerSocket, webSocketOf, type Faults } from "./sim/server.js";

const token = (userId: string) => `secret.${btoa(JSON.stringify({ sub: userId }))}.x`;

function world(faults: Partial<Faults> = {}) {
  const clock = new VirtualClock();
  const random = seeded(7);
  const server = new ScriptedServer(clock, random);
  server.faults = { ...NO_FAULTS, ...faults };
  server.talk("d1", "direct", ["alice", "bob"]);
  const client = (userId: string, more: Partial<ClientOptions> = {}) => new MilenaClient({
    server: "http://milena.test", token: async () => token(userId), clock, random, transports: ["websocket"],
    webSocket: webSocketOf(server, userId), fetch: server.fetchOf(userId), ...more,
  });
  const online = async (...clients: MilenaClient[]) => {
    clients.forEach((one) => one.connect());
    await clock.run(30_000, () => clients.every((one) => one.connection.getSnapshot().upToDate));
    clients.forEach((one) => expect(one.connection.getSnapshot()).toMatchObject({ status: "online", upToDate: true }));
  };
  return { clock, server, client, online };
}

const shown = (client: MilenaClient) => client.conversation("d1").messages.getSnapshot().items
  .filter((item): item is Message => item.kind === "message");

describe("a client", () => {
  it("brings a message from SENDING to READ, and its number down to nobody's badge", async () => {
    const { clock, client, online } = world();
    const [alice, bob] = [client("alice"), client("bob")];
    alice.conversation("d1").messages.subscribe(() => {});
    await online(alice, bob);
    alice.conversation("d1").send("hi");
    expect(shown(alice)).toMatchObject([{ state: "SENDING", sequenceNumber: null, mine: true }]);
    await clock.run(100);
    expect(shown(alice)).toMatchObject([{ state: "SENT", sequenceNumber: 2 }]);
    expect(bob.unread.getSnapshot()).toMatchObject({ conversations: 1, messages: 1 });
    await clock.run(2_000);
    expect(shown(alice)).toMatchObject([{ state: "DELIVERED" }]);
    bob.conversation("d1").markRead();
    expect(bob.unread.getSnapshot()).toMatchObject({ conversations: 0, messages: 0 });
    await clock.run(2_000);
    expect(shown(alice)).toMatchObject([{ state: "READ" }]);
  });

  it("shows a change at once and takes it back if it is refused", async () => {
    const { clock, server, client, online } = world();
    const [alice, bob] = [client("alice"), client("bob")];
    alice.conversation("d1").messages.subscribe(() => {});
    bob.conversation("d1").messages.subscribe(() => {});
    await online(alice, bob);
    const { messageId } = alice.conversation("d1").send("hi");
    await clock.run(100);
    const edited = alice.conversation("d1").edit(messageId, "ho");
    expect(shown(alice)[0]!.content?.text).toBe("ho");
    await clock.run(100);
    await edited;
    expect(shown(bob)[0]).toMatchObject({ content: { text: "ho" }, revision: 1 });
    const refused = bob.conversation("d1").edit(messageId, "mine");
    refused.catch(() => {});
    expect(shown(bob)[0]!.content?.text).toBe("mine");
    await clock.run(100);
    await expect(refused).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
    expect(shown(bob)[0]!.content?.text).toBe("ho");
    await expect(client("carol").conversation("d1").react(messageId, "👍")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    server.featureLevel = 1;
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(5_000);
    await expect(alice.conversation("d1").react(messageId, "👍")).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("fetches one message, who reacted to it and how far it has come, by the number that it knows", async () => {
    const { clock, server, client, online } = world();
    const asked: string[] = [];
    const answers: Record<string, (query: URLSearchParams) => object> = {
      "/old": () => ({ kind: "message", sequenceNumber: 7, timestamp: 1, messageId: "old", senderId: "bob", content: { type: "text", text: "hi" } }),
      "/old/reactions": (query) => query.get("cursor") === null
        ? { reactions: [{ userId: "bob", emoji: "!", timestamp: 1 }], nextCursor: "user_b=" }
        : { reactions: [{ userId: "carol", emoji: "!", timestamp: 2 }] },
      "/old/receipts": () => ({ receipts: [{ userId: "bob", delivered: true, read: false }] }),
    };
    const plain = server.fetchOf("alice");
    const fetching = (async (address: string, init: RequestInit) => {
      const { pathname, searchParams } = new URL(address);
      const [, what] = pathname.split("/d1/messages");
      const answer = answers[what ?? ""];
      if (!answer && !what?.startsWith("/") && !pathname.includes("/threads/")) {
        return plain(address, init);
      }
      asked.push(pathname.slice(pathname.indexOf("/d1/") + 3) + decodeURIComponent(new URL(address).search));
      const body = JSON.stringify(answer?.(searchParams) ?? { error: "MESSAGE_NOT_FOUND", message: "no" });
      return new Response(body, { status: answer ? 200 : 404 });
    }) as typeof fetch;
    const alice = client("alice", { fetch: fetching });
    const talk = alice.conversation("d1");
    talk.messages.subscribe(() => {});
    await online(alice);
    const { messageId } = talk.send("mine");
    await clock.run(1_000);
    const own = shown(alice).at(-1)!.sequenceNumber;

    const outcomes: unknown[] = [];
    const all = [talk.fetchMessage("old", 7), talk.fetchReactions("old"), talk.fetchReceipts("old"), talk.fetchMessage(messageId)];
    void Promise.allSettled(all).then((done) => outcomes.push(...done));
    (await talk.thread("root", 9)).messages.subscribe(() => {});
    await clock.run(10_000, () => outcomes.length > 0);

    expect(outcomes).toMatchObject([
      { value: { messageId: "old", sequenceNumber: 7, mine: false, content: { text: "hi" }, reactions: [] } },
      { value: [{ userId: "bob" }, { userId: "carol" }] },
      { value: [{ userId: "bob", delivered: true, read: false }] },
      { reason: { code: "MESSAGE_NOT_FOUND" } },
    ]);
    expect(asked.sort()).toEqual([
      `/messages/${messageId}?sequenceNumber=${own}`, "/messages/old/reactions", "/messages/old/reactions?cursor=user_b=",
      "/messages/old/receipts", "/messages/old?sequenceNumber=7", "/threads/root/messages?limit=50&sequenceNumber=9",
    ].sort());
  });

  it("keeps a message that is refused for good, to be sent again or given up", async () => {
    const { clock, server, client, online } = world();
    const alice = client("alice");
    alice.conversation("d1").messages.subscribe(() => {});
    await online(alice);
    server.talks.get("d1")!.members.splice(0, 1);
    const { messageId } = alice.conversation("d1").send("hi");
    await clock.run(100);
    expect(shown(alice)).toMatchObject([{ state: "FAILED", error: { code: "CONVERSATION_NOT_FOUND" } }]);
    expect(alice.connection.getSnapshot()).toMatchObject({ waitingMessages: 0, failedMessages: 1 });
    server.talks.get("d1")!.members.push("alice");
    alice.conversation("d1").retry(messageId);
    expect(shown(alice)).toMatchObject([{ state: "SENDING", messageId }]);
    await clock.run(100);
    expect(shown(alice)).toMatchObject([{ state: "SENT", messageId }]);
  });

  it("refuses more messages than may wait, and nothing of what waits is lost", async () => {
    const { client } = world();
    const alice = client("alice", { outboxMax: 2 });
    alice.conversation("d1").send("1");
    alice.conversation("d1").send("2");
    expect(() => alice.conversation("d1").send("3")).toThrow(expect.objectContaining({ code: "OUTBOX_FULL" }));
    expect(shown(alice).length).toBe(2);
  });

  it("stops where the website is not allowed, and where nobody is signed in", async () => {
    const { clock, client } = world();
    class Refuses extends ServerSocket {
      constructor() {
        super(new ScriptedServer(clock, () => 0), "alice", null);
        clock.setTimeout(() => this.onclose?.({ code: 4401, reason: "origin" }), 5);
      }
    }
    const stopped = client("alice", { webSocket: Refuses as unknown as typeof WebSocket });
    stopped.connect();
    await clock.run(60_000);
    expect(stopped.connection.getSnapshot()).toMatchObject({ status: "stopped", stopReason: "origin" });
    const nobody = client("alice", { token: async () => null });
    nobody.connect();
    await clock.run(60_000);
    expect(nobody.connection.getSnapshot()).toMatchObject({ status: "stopped", stopReason: "signed-out" });
  });

  it("fetches two tokens for a refused one, then stops", async () => {
    const { clock, client } = world();
    const reasons: string[] = [];
    class Refuses {
      onclose: ((event: object) => void) | null = null;
      constructor() {
        clock.setTimeout(() => this.onclose?.({ code: 4401, reason: "token bad" }), 5);
      }
      close(): void {}
    }
    const alice = client("alice", {
      webSocket: Refuses as unknown as typeof WebSocket,
      token: async (reason) => {
        reasons.push(reason);
        return token("alice") + reasons.length;
      },
    });
    alice.connect();
    await clock.run(600_000);
    expect(reasons).toEqual(["connect", "refused", "refused"]);
    expect(alice.connection.getSnapshot()).toMatchObject({ status: "stopped", stopReason: "token" });
  });

  it("takes no token of somebody else", async () => {
    const { clock, client } = world();
    const alice = client("bob", { user: { userId: "alice" } });
    alice.connect();
    await clock.run(60_000);
    expect(alice.connection.getSnapshot()).toMatchObject({ status: "stopped", lastError: { code: "UNAUTHORIZED" } });
  });

  it("outlives a server that replies garbage", async () => {
    const { clock, server, client } = world();
    const alice = client("alice");
    alice.conversation("d1").messages.subscribe(() => {});
    alice.connect();
    await clock.run(1_000);
    for (const garbage of [{ type: "message.new" }, { type: "message.new", payload: { conversationId: "unknown", sequenceNumber: "x" } }, { type: "message.new", payload: null }, { type: "message.new", payload: { conversationId: "d1", sequenceNumber: "x" } },
      { type: "resync" }, { type: "resync", payload: {} }, { type: "presence.update", payload: {} }, { type: "what", payload: { conversationId: "d1" } },
      { type: "messages.offline", payload: { conversationId: "d1", messages: [] } }]) {
      server.sockets.forEach((socket) => socket.frame(garbage));
    }
    await clock.run(5_000);
    alice.conversation("d1").send("still here");
    await clock.run(5_000);
    expect(shown(alice)).toMatchObject([{ state: "SENT", content: { text: "still here" } }]);
  });

  it("writes neither tokens nor content into its log", async () => {
    const { clock, client, server, online } = world();
    const log: DebugEvent[] = [];
    const alice = client("alice", { debug: (event) => log.push(event) });
    await online(alice);
    alice.conversation("d1").send("very private");
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(60_000);
    expect(log.length).toBeGreaterThan(3);
    expect(JSON.stringify(log)).not.toMatch(/secret|private/);
  });

  it("tells who types until they stop, and says it of this user no more than needed", async () => {
    const { clock, server, client, online } = world();
    const alice = client("alice");
    await online(alice);
    server.sockets.forEach((socket) => socket.frame({ type: "typing.update", payload: { conversationId: "d1", userId: "bob", isTyping: true } }));
    await clock.run(50);
    expect(alice.conversation("d1").typists.getSnapshot()).toEqual(["bob"]);
    await clock.run(7_000);
    expect(alice.conversation("d1").typists.getSnapshot()).toEqual([]);
    const said: string[] = [];
    const command = server.command.bind(server);
    server.command = (userId, frame, by) => {
      said.push(frame.type);
      return command(userId, frame, by);
    };
    for (let key = 0; key < 50; key++) {
      alice.conversation("d1").typing();
      await clock.run(100);
    }
    await clock.run(5_000);
    expect(said.filter((type) => type.startsWith("typing"))).toEqual(["typing.start", "typing.start", "typing.stop"]);
  });

  it("shows every message, however many come while a page is on its way", async () => {
    const { clock, server, client, online } = world();
    const fetcher = server.fetchOf("alice");
    let isHeld = true;
    const alice = client("alice", {
      fetch: (async (address: string, init: RequestInit) => {
        const answer = await fetcher(address, init);
        while (isHeld && address.includes("/d1/messages")) {
          await new Promise((resolve) => clock.setTimeout(() => resolve(null), 10));
        }
        return answer;
      }) as unknown as typeof fetch,
    });
    await online(alice);
    alice.conversation("d1").messages.subscribe(() => {});
    await clock.run(1_000);
    for (let n = 1; n <= 600; n++) {
      server.command("bob", { type: "message.send", payload: { conversationId: "d1", messageId: `m${n}`, content: { type: "text", text: `${n}` } } }, null);
      await clock.run(10);
    }
    expect(shown(alice)).toEqual([]);
    isHeld = false;
    await clock.run(30_000);
    expect(shown(alice).map((message) => message.content?.text)).toEqual(Array.from({ length: 600 }, (_, at) => `${at + 1}`));
  });

  it("says how far it has read once a second", async () => {
    const { clock, server, client, online } = world();
    const [alice, bob] = [client("alice"), client("bob")];
    await online(alice, bob);
    const said: number[] = [];
    const command = server.command.bind(server);
    server.command = (userId, frame, by) => {
      if (frame.type === "message.read") {
        said.push(frame.payload.upToSequence);
      }
      return command(userId, frame, by);
    };
    for (let n = 0; n < 10; n++) {
      alice.conversation("d1").send(`${n}`);
      await clock.run(150);
      bob.conversation("d1").markRead();
    }
    await clock.run(3_000);
    expect(said.length).toBeLessThanOrEqual(3);
    expect(said.at(-1)).toBe(11);
  });

  it("has said what it read before it marks as unread, since a later read would end that", async () => {
    const { clock, server, client, online } = world();
    const said: string[] = [];
    const command = server.command.bind(server);
    server.command = (userId, frame, by) => {
      said.push(frame.type);
      return command(userId, frame, by);
    };
    const fetcher = server.fetchOf("alice");
    const alice = client("alice", {
      fetch: (async (address: string, init: RequestInit) => {
        if (init.method !== "PATCH") {
          return fetcher(address, init);
        }
        said.push(String(init.body));
        const kept = { conversationId: "d1", accepted: true, archived: false, pinned: false, hidden: false, unreadFrom: 2 };
        return { ok: true, status: 200, headers: new Headers(), text: async () => JSON.stringify(kept) };
      }) as unknown as typeof fetch,
    });
    server.featureLevel = 5;
    await online(alice);
    server.command("bob", { type: "message.send", payload: { conversationId: "d1", messageId: "m1", content: { type: "text", text: "hi" } } }, null);
    await clock.run(100);
    said.length = 0;
    alice.conversation("d1").markRead();
    const kept = alice.conversation("d1").keep({ unreadFrom: 2 });
    await clock.run(100);
    await kept;
    await clock.run(10_000);
    expect(said.filter((one) => !one.startsWith("heartbeat") && one !== "message.delivered")).toEqual(["message.read", '{"unreadFrom":2}']);
  });
});

describe("transports", () => {
  it("goes down where WebSockets are blocked, sends by REST, and climbs back", async () => {
    const { clock, server, client } = world();
    let blocked = true;
    const real = webSocketOf(server, "alice") as unknown as new (address: string) => ServerSocket;
    class Blocked {
      onclose: ((event: object) => void) | null = null;
      constructor() {
        clock.setTimeout(() => this.onclose?.({ code: 1006, reason: "" }), 5);
      }
      close(): void {}
    }
    const sent: string[] = [];
    let cursor = 0;
    const fetcher = (async (address: string, init: RequestInit) => {
      const { pathname, searchParams } = new URL(address);
      const answer = (status: number, body: unknown) => ({ ok: status < 400, status, headers: new Headers(), text: async () => JSON.stringify(body) });
      if (pathname === "/events") {
        return answer(502, {});
      }
      if (pathname === "/poll") {
        await new Promise((resolve) => clock.setTimeout(() => resolve(null), Number(searchParams.get("wait")) * 1_000));
        const first = !searchParams.has("cursor");
        return answer(200, { frames: first ? [{ type: "connected", connectionId: "p", heartbeatInterval: 30_000, resumeToken: "", resumed: false }] : [], cursor: `${++cursor}` });
      }
      if (init.method === "POST" && pathname.endsWith("/messages")) {
        const body = JSON.parse(String(init.body));
        sent.push(body.content.text);
        const ack = server.command("alice", { type: "message.send", payload: { conversationId: "d1", ...body } }, null)!;
        return answer(201, ack.payload);
      }
      return server.fetchOf("alice")(address, init);
    }) as unknown as typeof fetch;
    const alice = client("alice", {
      transports: ["websocket", "events", "poll"], fetch: fetcher,
      webSocket: function (address: string) {
        return blocked ? new Blocked() : new real(address);
      } as unknown as typeof WebSocket,
    });
    alice.conversation("d1").messages.subscribe(() => {});
    alice.connect();
    // One wait of at most a second: lower transports are tried without.
    await clock.run(2_000, () => alice.connection.getSnapshot().upToDate);
    expect(alice.connection.getSnapshot()).toMatchObject({ status: "online", transport: "poll" });
    alice.conversation("d1").send("by rest");
    await clock.run(1_000);
    expect(sent).toEqual(["by rest"]);
    expect(shown(alice)).toMatchObject([{ state: "SENT" }]);
    blocked = false;
    await clock.run(70_000);
    expect(alice.connection.getSnapshot()).toMatchObject({ status: "online", transport: "websocket" });
    alice.conversation("d1").send("by socket");
    await clock.run(1_000);
    expect(shown(alice).map(({ state }) => state)).toEqual(["SENT", "SENT"]);
    expect(sent.length).toBe(1);
  });
});

describe("tabs", () => {
  /** The tabs of one browser. */
  function browser(): Tabs & { crash(): void } {
    let tabs: { id: string; tab: Tab }[] = [];
    let count = 0;
    const lead = () => tabs[0]?.tab.lead();
    return {
      join(_, tab) {
        const id = `tab${++count}`;
        const me = { id, tab };
        tabs.push(me);
        queueMicrotask(() => tabs[0] === me && tab.lead());
        return {
          tabId: id,
          tell: (message) => {
            const copy = structuredClone(message);
            // What a tab said before it left is heard.
            const isThere = tabs.includes(me);
            queueMicrotask(() => isThere && tabs.forEach((other) => other !== me && other.tab.told(copy, id)));
          },
          leave: () => {
            const led = tabs[0] === me;
            tabs = tabs.filter((other) => other !== me);
            if (led) {
              queueMicrotask(lead);
            }
          },
        };
      },
      crash: () => {
        tabs.shift();
        queueMicrotask(lead);
      },
    };
  }

  it("share one connection, show the same, and go on when the one that leads is closed", async () => {
    const { clock, server, client, online } = world();
    const tabs = tabsOver(browser());
    const [one, two, bob] = [client("alice", { tabs }), client("alice", { tabs }), client("bob")];
    for (const tab of [one, two, bob]) {
      tab.conversation("d1").messages.subscribe(() => {});
    }
    await online(one);
    await online(two, bob);
    expect([...server.sockets].filter((socket) => socket.userId === "alice").length).toBe(1);
    one.conversation("d1").send("from one");
    two.conversation("d1").send("from two");
    bob.conversation("d1").send("from bob");
    await clock.run(1_000);
    const texts = (tab: MilenaClient) => shown(tab).map((message) => `${message.content?.text} ${message.mine}`);
    expect(texts(one).toSorted()).toEqual(["from bob false", "from one true", "from two true"]);
    expect(texts(two)).toEqual(texts(one));
    expect(server.talks.get("d1")!.entries.length).toBe(4);

    one.close();
    await clock.run(5_000);
    expect(two.connection.getSnapshot()).toMatchObject({ status: "online", upToDate: true });
    two.conversation("d1").send("after");
    bob.conversation("d1").send("bob after");
    await clock.run(2_000);
    expect(shown(two).length).toBe(5);
    expect(shown(bob).map(({ messageId }) => messageId)).toEqual(shown(two).map(({ messageId }) => messageId));
    expect(two.unread.getSnapshot().messages).toBe(bob.conversation("d1").summary.getSnapshot()!.lastMessage!.mine ? 1 : 0);
  });

  it("say away while none is to be seen, also when another one leads", async () => {
    const { clock, server, client, online } = world();
    const said: string[] = [];
    const command = server.command.bind(server);
    server.command = (userId, frame, by) => {
      if (frame.type === "presence.set") {
        said.push(frame.payload.status);
      }
      return command(userId, frame, by);
    };
    const tabs = tabsOver(browser());
    const [one, two] = [client("alice", { tabs }), client("alice", { tabs })];
    await online(one);
    await online(two);
    one.setPresence("away");
    await clock.run(1_000);
    expect(said).toEqual([]);
    two.setPresence("away");
    await clock.run(1_000);
    expect(said).toEqual(["away"]);
    one.close();
    await clock.run(5_000);
    expect(two.connection.getSnapshot().status).toBe("online");
    expect(said).toEqual(["away", "away"]);
    two.setPresence("online");
    await clock.run(1_000);
    expect(said).toEqual(["away", "away", "online"]);
  });

  it("forget everything and stop where a call is refused since this device was signed out", async () => {
    const { clock, server, client, online } = world();
    const tabs = tabsOver(browser());
    let tokens = 0;
    const fetcher = server.fetchOf("alice");
    const refused = (async (address: string, init: RequestInit) => init.method === "PUT"
      ? { ok: false, status: 401, headers: new Headers(), text: async () => '{"error":"UNAUTHORIZED","message":"","reason":"signed out"}' }
      : fetcher(address, init)) as unknown as typeof fetch;
    const more = { tabs, fetch: refused, token: async () => (tokens++, token("alice")) };
    const [one, two] = [client("alice", more), client("alice", more)];
    await online(one);
    await online(two);
    const before = tokens;
    let code = "";
    two.setProfile({ name: "Alice" }).catch((error) => (code = error.code));
    await clock.run(60_000);
    expect(code).toBe("UNAUTHORIZED");
    for (const tab of [one, two]) {
      expect(tab.connection.getSnapshot()).toMatchObject({ status: "stopped", stopReason: "signed-out" });
      expect(tab.conversations.getSnapshot().items).toEqual([]);
    }
    expect(tokens).toBe(before);
    expect(server.sockets.size).toBe(0);
  });
});
