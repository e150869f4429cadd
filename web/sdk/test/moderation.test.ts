import { describe, expect, it } from "vitest";
import { MilenaClient } from "../src/core/client.js";
import type { MilenaError } from "../src/core/errors.js";
import type { Frame } from "../src/core/link/link.js";
import type { ClientOptions, TimelineItem } from "../src/core/types.js";
import { ban, bans, decide, isModerator, queue, unban } from "../src/moderation/index.js";
// Loaded when needed; here before, since the virtual clock does not wait for files.
import "../src/core/calls/conversation.js";
import "../src/core/calls/own.js";
import "../src/core/thread.js";
import { tabsOver, type Tab } from "../src/outbox/index.js";
import { memoryStorage } from "./memory.js";
import { VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";
import { ScriptedServer, webSocketOf } from "./sim/server.js";

function world() {
  const clock = new VirtualClock();
  const random = seeded(7);
  const server = new ScriptedServer(clock, random);
  server.featureLevel = 19;
  server.talk("d1", "direct", ["alice", "bob"]);
  server.talk("g1", "group", ["alice", "bob"]);
  const client = (userId: string, more: Partial<ClientOptions> = {}) => new MilenaClient({
    server: "http://milena.test", token: async () => `x.${btoa(JSON.stringify({ sub: userId }))}.x`, clock, random, transports: ["websocket"],
    webSocket: webSocketOf(server, userId), fetch: server.fetchOf(userId), ...more,
  });
  const online = async (...clients: MilenaClient[]) => {
    clients.forEach((one) => one.connect());
    await clock.run(30_000, () => clients.every((one) => one.connection.getSnapshot().upToDate));
  };
  const frame = async (sent: Frame) => {
    server.sockets.forEach((socket) => socket.frame(sent));
    await clock.run(100);
  };
  /** Refuses what is sent in some conversations. */
  const refuse = (refusalOf: (conversationId: string) => object | null) => {
    const command = server.command.bind(server);
    server.command = (userId, sent, by) => {
      const refusal = sent.type === "message.send" ? refusalOf(sent.payload.conversationId) : null;
      return refusal ? { type: "error", id: sent.id, payload: { message: "", ...refusal } } : command(userId, sent, by);
    };
  };
  return { clock, server, client, online, frame, refuse };
}

/** A `fetch` that answers by method and path, and notes what was asked. */
function answering(server: ScriptedServer, answers: Record<string, [number, unknown]>) {
  const asked: string[] = [];
  const plain = server.fetchOf("alice");
  const fetching = (async (address: string, init: RequestInit) => {
    const path = decodeURIComponent(address.slice("http://milena.test/api/v1/".length));
    const answer = answers[`${init.method} ${path}`];
    if (!answer) {
      return plain(address, init);
    }
    asked.push(`${init.method} ${path} ${init.body ?? ""}`.trim());
    return { ok: answer[0] < 400, status: answer[0], headers: new Headers(), text: async () => (answer[1] === null ? "" : JSON.stringify(answer[1])) };
  }) as unknown as typeof fetch;
  return { asked, fetching };
}

const items = (client: MilenaClient) => client.conversation("g1").messages.getSnapshot().items.slice(1);

describe("the standing of a user", () => {
  it("has the bans that hold, one for each scope, until they end", async () => {
    const { clock, client, online, frame } = world();
    const alice = client("alice");
    const changes: number[] = [];
    alice.standing.subscribe(() => changes.push(alice.standing.getSnapshot().bans.length));
    await online(alice);
    expect(alice.standing.getSnapshot()).toEqual({ bans: [], warnings: [] });
    await frame({ type: "ban.updated", payload: { banned: true, reason: "spam" } });
    await frame({ type: "ban.updated", payload: { conversationId: "g1", banned: true, until: clock.now() + 5_000, reason: "rude" } });
    await frame({ type: "ban.updated", payload: { banned: true, until: clock.now() + 3_600_000, reason: "spam again" } });
    expect(alice.standing.getSnapshot().bans).toMatchObject([{ conversationId: "g1", reason: "rude" }, { reason: "spam again" }]);
    await clock.run(6_000);
    expect(alice.standing.getSnapshot().bans).toMatchObject([{ reason: "spam again" }]);
    expect(changes.at(-1)).toBe(1);
    await frame({ type: "ban.updated", payload: { banned: false, reason: "spam again" } });
    expect(alice.standing.getSnapshot().bans).toEqual([]);
    // Further away than a timer can be.
    await frame({ type: "ban.updated", payload: { banned: true, until: clock.now() + 90 * 86_400_000, reason: "long" } });
    await clock.run(60_000);
    expect(alice.standing.getSnapshot().bans).toMatchObject([{ reason: "long" }]);
  });

  it("learns of a ban from a refusal, whose error is typed", async () => {
    const { clock, server, client, online, frame, refuse } = world();
    const alice = client("alice");
    alice.conversation("d1").messages.subscribe(() => {});
    await online(alice);
    const until = clock.now() + 60_000;
    refuse(() => ({ error: "FORBIDDEN", banned: true, until }));
    alice.conversation("d1").send("hi");
    await clock.run(100);
    expect(alice.conversation("d1").messages.getSnapshot().items.at(-1)).toMatchObject({ state: "FAILED", error: { code: "FORBIDDEN" } });
    expect(alice.standing.getSnapshot().bans).toEqual([{ conversationId: "d1", until }]);
    // The ban itself was of all conversations.
    await frame({ type: "ban.updated", payload: { banned: true, until, reason: "spam" } });
    expect(alice.standing.getSnapshot().bans).toMatchObject([{ until, reason: "spam" }]);
    const { asked, fetching } = answering(server, { "POST conversations": [403, { error: "FORBIDDEN", message: "", banned: true, until }] });
    const refusedCall = client("alice", { fetch: fetching }).createDirect("bob").then(() => null, (error: MilenaError) => error);
    await clock.run(1_000);
    expect([await refusedCall, asked.length]).toMatchObject([{ code: "FORBIDDEN", ban: { until } }, 1]);
  });

  it("forgets bans with a connection that begins again, since those that hold are sent again", async () => {
    const { clock, server, client, online, frame } = world();
    const alice = client("alice");
    await online(alice);
    await frame({ type: "ban.updated", payload: { banned: true, reason: "spam" } });
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(40_000);
    expect(alice.standing.getSnapshot().bans.length).toBe(1);
    server.faults = { ...server.faults, refuseResume: 1 };
    await frame({ type: "ban.updated", payload: { conversationId: "g1", banned: true, reason: "rude" } });
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(5_000, () => alice.connection.getSnapshot().upToDate);
    // Until then nothing is known: a field to write in would come and go.
    expect(alice.standing.getSnapshot().bans.length).toBe(2);
    await frame({ type: "ban.updated", payload: { conversationId: "g1", banned: true, reason: "rude" } });
    await clock.run(40_000);
    expect(alice.standing.getSnapshot().bans).toEqual([{ conversationId: "g1", reason: "rude", until: undefined }]);
  });

  it("keeps warnings until they are dismissed, each once", async () => {
    const { client, online, frame } = world();
    const alice = client("alice");
    await online(alice);
    const warning = { conversationId: "g1", messageId: "m1", text: "be kind", timestamp: 7 };
    await frame({ type: "moderation.warning", payload: warning });
    await frame({ type: "moderation.warning", payload: warning });
    await frame({ type: "moderation.warning", payload: { ...warning, timestamp: 8 } });
    expect(alice.standing.getSnapshot().warnings).toEqual([warning, { ...warning, timestamp: 8 }]);
    alice.dismiss(warning);
    await frame({ type: "moderation.warning", payload: warning });
    expect(alice.standing.getSnapshot().warnings).toEqual([{ ...warning, timestamp: 8 }]);
    for (let timestamp = 0; timestamp < 30; timestamp++) {
      await frame({ type: "moderation.warning", payload: { ...warning, timestamp } });
    }
    expect(alice.standing.getSnapshot().warnings.length).toBe(20);
  });
});

describe("slow mode", () => {
  it("holds back the messages of its conversation alone, and says until when", async () => {
    const { clock, server, client, online, refuse } = world();
    const alice = client("alice");
    alice.conversation("g1").messages.subscribe(() => {});
    await online(alice);
    const view = { ...server.view(server.talks.get("g1")!), settings: { slowModeSeconds: 30 } };
    server.sockets.forEach((socket) => socket.frame({ type: "conversation.updated", payload: { ...view, sequenceNumber: 2 } }));
    server.talks.get("g1")!.entries.push({ kind: "conversation.updated", sequenceNumber: 2, timestamp: clock.now() });
    await clock.run(1_000);
    const mayWriteAt = () => alice.conversation("g1").summary.getSnapshot()!.mayWriteAt;
    expect(mayWriteAt()).toBeNull();

    const first = clock.now();
    alice.conversation("g1").send("one");
    await clock.run(100);
    expect(mayWriteAt()! - first).toBeGreaterThanOrEqual(30_000);
    expect(mayWriteAt()! - first).toBeLessThan(30_100);

    let isOpen = false;
    refuse((conversationId) => (conversationId === "g1" && !isOpen ? { error: "RATE_LIMITED", limit: "slowModeSeconds", retryAfter: 20 } : null));
    alice.conversation("g1").send("two");
    alice.conversation("d1").send("elsewhere");
    await clock.run(200);
    const texts = (id: string) => server.talks.get(id)!.entries.flatMap(({ kind, content }) => (kind === "message" ? content.text : []));
    expect([texts("g1"), texts("d1")]).toEqual([["one"], ["elsewhere"]]);
    expect(mayWriteAt()! - clock.now()).toBeLessThanOrEqual(20_000);
    isOpen = true;
    await clock.run(19_000);
    expect(texts("g1")).toEqual(["one"]);
    await clock.run(1_100);
    expect(texts("g1")).toEqual(["one", "two"]);
    // It says so by itself.
    let changes = 0;
    alice.conversation("g1").summary.subscribe(() => changes++);
    expect(mayWriteAt()).not.toBeNull();
    await clock.run(31_000);
    expect([mayWriteAt(), changes > 0]).toEqual([null, true]);
  });

  it("is as the settings are now, for members alone, and starts with the first ack of a message", async () => {
    const { clock, server, client, online, frame } = world();
    const [alice, bob] = [client("alice"), client("alice", { deviceId: "other" })];
    await online(alice, bob);
    const group = server.talks.get("g1")!;
    const set = (slowModeSeconds: number, more: object = {}) => {
      group.entries.push({ kind: "conversation.updated", sequenceNumber: group.entries.length + 1, timestamp: clock.now() });
      return frame({ type: "conversation.updated", payload: { ...server.view(group), settings: { slowModeSeconds }, ...more, sequenceNumber: group.entries.length } });
    };
    const leftMs = (one = alice) => (one.conversation("g1").summary.getSnapshot()!.mayWriteAt ?? clock.now()) - clock.now();
    await set(3_600);
    bob.conversation("g1").messages.subscribe(() => {});
    await clock.run(1_000);
    alice.conversation("g1").send("one", { messageId: "m1" });
    await clock.run(100);
    expect(leftMs()).toBeGreaterThan(3_599_000);
    // Another device of the user sees it in the timeline.
    expect(leftMs(bob)).toBeGreaterThan(3_599_000);
    await set(10);
    expect(leftMs()).toBeLessThanOrEqual(10_000);
    expect(leftMs()).toBeGreaterThan(0);
    // Admins whom a large group does not list are not slowed.
    await set(3_600, { participants: [], memberCount: 101 });
    expect(leftMs()).toBe(0);
    await set(3_600, { participants: [{ userId: "alice", role: "admin" }] });
    expect(leftMs()).toBe(0);
    await set(3_600);
    await clock.run(3_000_000);
    // Sent again, it is answered with its first time.
    alice.conversation("g1").send("one", { messageId: "m1" });
    await clock.run(100);
    expect(leftMs()).toBeLessThan(3_600_000 - 3_000_000);
  });
});

describe("messages that wait for a moderator", () => {
  async function held() {
    const all = world();
    const [alice, bob] = [all.client("alice"), all.client("bob")];
    const came: TimelineItem[] = [];
    bob.onItem((item) => came.push(item));
    [alice, bob].forEach((one) => one.conversation("g1").messages.subscribe(() => {}));
    await all.online(alice, bob);
    all.server.faults = { ...all.server.faults, held: 1 };
    alice.conversation("g1").send("may I?", { messageId: "m1" });
    await all.clock.run(100);
    all.server.faults = { ...all.server.faults, held: 0 };
    bob.conversation("g1").send("later", { messageId: "m2" });
    await all.clock.run(100);
    const talk = all.server.talks.get("g1")!;
    return { ...all, alice, bob, came, talk, entry: talk.entries[1]! };
  }

  it("are a place for others, that becomes the message when it is released", async () => {
    const { clock, server, alice, bob, came, talk, entry } = await held();
    expect(items(alice)).toMatchObject([{ messageId: "m1", held: true, state: "SENT" }, { content: { text: "later" } }]);
    expect(items(bob)).toMatchObject([{ kind: "hidden", sequenceNumber: 2 }, { content: { text: "later" } }]);
    expect(came.map(({ kind }) => kind)).toEqual(["message"]);
    expect(bob.unread.getSnapshot().messages).toBe(0);
    server.decide(talk, entry, true);
    await clock.run(5_000);
    expect(items(alice)).toMatchObject([{ messageId: "m1", state: "SENT" }, {}]);
    expect((items(alice)[0] as { held?: boolean }).held).toBeUndefined();
    expect(items(bob)).toMatchObject([{ kind: "message", messageId: "m1", sequenceNumber: 2, timestamp: entry.timestamp, content: { text: "may I?" } }, {}]);
    expect(came.map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 2]);
  });

  it("say how far their sender has read only once they are released", async () => {
    const { clock, server, client, online } = world();
    const [alice, bob] = [client("alice"), client("bob")];
    alice.conversation("g1").messages.subscribe(() => {});
    await online(alice, bob);
    const talk = server.talks.get("g1")!;
    const unread = () => [alice.unread.getSnapshot().messages, server.unread(talk, "alice")];
    bob.conversation("g1").send("hello");
    await clock.run(5_000);
    server.faults = { ...server.faults, held: 1 };
    ["m1", "m2"].forEach((messageId) => alice.conversation("g1").send("may I?", { messageId }));
    await clock.run(5_000);
    expect(unread()).toEqual([1, 1]);
    server.decide(talk, talk.entries.find(({ messageId }) => messageId === "m2")!, false);
    await clock.run(5_000);
    expect(unread()).toEqual([1, 1]);
    server.faults = { ...server.faults, held: 0 };
    bob.conversation("g1").send("and later");
    await clock.run(5_000);
    expect(unread()).toEqual([2, 2]);
    server.decide(talk, talk.entries.find(({ messageId }) => messageId === "m1")!, true);
    await clock.run(5_000);
    expect(unread()).toEqual([1, 1]);
  });

  it.each([true, false])("say so too where a page alone tells of the release (shown: %s)", async (isShown) => {
    const { clock, server, client, online } = world();
    const [alice, bob] = [client("alice"), client("bob")];
    if (isShown) {
      alice.conversation("g1").messages.subscribe(() => {});
    }
    await online(alice, bob);
    const talk = server.talks.get("g1")!;
    bob.conversation("g1").send("hello");
    await clock.run(5_000);
    server.faults = { ...server.faults, held: 1 };
    alice.conversation("g1").send("may I?", { messageId: "m1" });
    await clock.run(5_000);
    expect(alice.unread.getSnapshot().messages).toBe(1);
    server.faults = { ...server.faults, held: 0, refuseResume: 1 };
    [...server.sockets].filter(({ userId }) => userId === "alice").forEach((socket) => socket.end(1006));
    server.decide(talk, talk.entries.find(({ messageId }) => messageId === "m1")!, true);
    bob.conversation("g1").send("and later");
    await clock.run(60_000);
    expect([alice.unread.getSnapshot().messages, server.unread(talk, "alice")]).toEqual([1, 1]);
    bob.conversation("g1").send("and last");
    await clock.run(5_000);
    expect([alice.unread.getSnapshot().messages, server.unread(talk, "alice")]).toEqual([2, 2]);
  });

  it("are a place again when they are edited, and in a thread once they are released", async () => {
    const { clock, server, alice, bob, came, talk, entry } = await held();
    server.decide(talk, entry, true);
    await clock.run(3_000);
    server.faults = { ...server.faults, held: 1 };
    alice.conversation("g1").edit("m1", "may I not?").catch(() => {});
    await clock.run(3_000);
    expect(items(alice)).toMatchObject([{ messageId: "m1", held: true, content: { text: "may I not?" } }, {}]);
    expect(items(bob)).toMatchObject([{ kind: "hidden", sequenceNumber: 2 }, {}]);
    expect(bob.conversation("g1").summary.getSnapshot()!.lastMessage).toMatchObject({ content: { text: "later" } });
    server.decide(talk, entry, true);
    await clock.run(3_000);
    expect(items(bob)).toMatchObject([{ messageId: "m1", content: { text: "may I not?" }, revision: 1 }, {}]);
    // It is new to nobody.
    expect(came.map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 2]);
  });

  it("stand in their thread for their sender, and for others once they are released", async () => {
    const { clock, server, alice, bob } = await held();
    const threads = await Promise.all([alice, bob].map((client) => client.conversation("g1").thread("m2")));
    threads.forEach((thread) => thread.messages.subscribe(() => {}));
    await clock.run(100);
    const replies = () => threads.map((thread) => thread.messages.getSnapshot().items.map((item) => `${item.messageId} ${item.held ?? false}`));
    const says = async (userId: string, type: string, payload: object) => {
      [...server.sockets].filter((socket) => socket.userId === userId).forEach((socket) => socket.frame({ type, payload: { conversationId: "g1", ...payload } }));
      await clock.run(100);
    };
    const reply = { messageId: "r1", senderId: "alice", content: { type: "text", text: "in the thread" }, threadOf: "m2", showInConversation: false };
    await says("alice", "message.new", { ...reply, sequenceNumber: 4, timestamp: 9, held: true });
    await says("bob", "message.new", { sequenceNumber: 4, timestamp: 9, hidden: true });
    expect(replies()).toEqual([["r1 true"], []]);
    expect(items(bob).at(-1)).toMatchObject({ kind: "hidden", sequenceNumber: 4 });
    const released = { ...reply, released: true, sequenceNumber: 5, targetSequence: 4, timestamp: 10, revision: 0, threadSequence: 3, threadOrdinal: 1 };
    await says("alice", "message.updated", released);
    await says("bob", "message.updated", released);
    expect(replies()).toEqual([["r1 false"], ["r1 false"]]);
    expect(items(bob).map(({ sequenceNumber }) => sequenceNumber)).toEqual([2, 3]);
  });

  it("say with an error that what became of them could not be fetched, until a page is", async () => {
    const { clock, server, bob, entry } = await held();
    const { messages } = bob.conversation("g1");
    Object.assign(entry, { content: undefined, held: undefined, deletedAt: 9, deletedBy: "moderation" });
    server.faults = { ...server.faults, callFails: 1 };
    const payload = { conversationId: "g1", messageId: "m1", sequenceNumber: 4, targetSequence: 2, deletedBy: "moderation", timestamp: 9 };
    [...server.sockets].filter((socket) => socket.userId === "bob").forEach((socket) => socket.frame({ type: "message.deleted", payload }));
    await clock.run(60_000);
    expect(messages.getSnapshot().error).toMatchObject({ code: "UNAVAILABLE" });
    server.faults = { ...server.faults, callFails: 0 };
    void bob.conversation("g1").loadLatest();
    await clock.run(1_000);
    expect(messages.getSnapshot().error).toBeNull();
    expect(items(bob)[0]).toMatchObject({ messageId: "m1", senderId: "alice", content: null });
  });

  it("are gone as removed when they are rejected", async () => {
    const { clock, server, alice, bob, talk, entry } = await held();
    server.decide(talk, entry, false);
    await clock.run(5_000);
    for (const one of [alice, bob]) {
      expect(items(one)).toMatchObject([{ messageId: "m1", content: null, deletedBy: "moderation" }, {}]);
    }
  });
});

describe("what is kept", () => {
  it("is not shown as it was where a message was edited meanwhile", async () => {
    const { clock, client, online } = world();
    const storage = memoryStorage();
    const [first, bob] = [client("alice", { storage }), client("bob")];
    first.conversation("d1").messages.subscribe(() => {});
    await online(first, bob);
    const { messageId } = bob.conversation("d1").send("helo");
    await clock.run(1_000);
    first.close();
    await clock.run(1_000);
    bob.conversation("d1").edit(messageId, "hello").catch(() => {});
    await clock.run(1_000);
    const second = client("alice", { storage });
    await online(second);
    second.conversation("d1").messages.subscribe(() => {});
    await clock.run(5_000);
    expect(second.conversation("d1").messages.getSnapshot().items.at(-1)).toMatchObject({ content: { text: "hello" }, revision: 1 });
  });
});

describe("tabs", () => {
  it("that come later know of bans and warnings, and what one of them dismisses is gone in all", async () => {
    const { clock, client, online, frame } = world();
    const all: { id: string; tab: Tab }[] = [];
    const tabs = tabsOver({
      join: (_, tab) => {
        const id = `tab${all.length}`;
        all.push({ id, tab });
        if (all.length === 1) {
          queueMicrotask(() => tab.lead());
        }
        return { tabId: id, leave: () => {}, tell: (told) => all.forEach((other) => other.id !== id && queueMicrotask(() => other.tab.told(structuredClone(told), id))) };
      },
    });
    const [one, two] = [client("alice", { tabs }), client("alice", { tabs })];
    await online(one);
    const warning = { conversationId: "g1", messageId: "m1", text: "be kind", timestamp: 7 };
    await frame({ type: "moderation.warning", payload: warning });
    await frame({ type: "ban.updated", payload: { banned: true, reason: "spam" } });
    await online(two);
    await clock.run(100);
    expect(two.standing.getSnapshot()).toMatchObject({ bans: [{ reason: "spam" }], warnings: [warning] });
    two.dismiss(warning);
    await clock.run(100);
    expect(one.standing.getSnapshot().warnings).toEqual([]);
    await frame({ type: "ban.updated", payload: { banned: false, reason: "spam" } });
    expect([one, two].map((tab) => tab.standing.getSnapshot().bans)).toEqual([[], []]);
  });
});

describe("reports and decisions", () => {
  it("are the calls of the protocol, and their answers are items as in a timeline", async () => {
    const { clock, server, client, online } = world();
    const entry = { kind: "message", sequenceNumber: 4, timestamp: 1, messageId: "m", senderId: "bob", content: { type: "text", text: "bad" } };
    const reply = { ...entry, messageId: "r", threadOf: "m", showInConversation: false };
    const line = {
      conversationId: "g2", messageId: "m", state: "open", message: entry, context: { before: [reply], after: [] },
      reports: [{ userId: "carol", reason: "spam", timestamp: 2 }], flags: [{ rule: "words", version: 3, timestamp: 2 }],
    };
    const decided = { decisionId: "x", conversationId: "g2", messageId: "m", action: "remove", decidedBy: "alice", timestamp: 5, duplicate: false };
    const made = { userId: "bob", reason: "spam", bannedBy: "alice", timestamp: 5 };
    const { asked, fetching } = answering(server, {
      "POST conversations/g1/messages/m:1/report": [202, { duplicate: false }],
      "GET users/me": [200, { userId: "alice", tenant: "default", role: "moderator", mayStart: "anyone" }],
      "GET moderation/reports?state=open&limit=50": [200, { reports: [line], nextCursor: "a=" }],
      "GET moderation/reports?state=open&limit=50&cursor=a=": [200, { reports: [{ ...line, message: undefined, held: true }] }],
      "POST moderation/decisions": [200, decided],
      "GET moderation/bans": [200, { bans: [made] }],
      "PUT moderation/bans/bob": [200, made],
      "DELETE moderation/bans/bob?conversationId=g2": [204, null],
    });
    const alice = client("alice", { fetch: fetching });
    await online(alice);
    const outcomes: unknown[] = [];
    const all = (async () => {
      outcomes.push(await alice.conversation("g1").report("m:1", "abuse", "look"));
      outcomes.push(await isModerator(alice), await queue(alice), await queue(alice, { cursor: "a=" }));
      outcomes.push(await decide(alice, { conversationId: "g2", messageId: "m", action: "ban", reason: "spam" }), await bans(alice));
      outcomes.push(await ban(alice, "bob", { reason: "spam", until: 9 }), await unban(alice, "bob", "g2"));
    })();
    await clock.run(5_000, () => outcomes.length === 8);
    await all;
    expect(outcomes).toMatchObject([
      { duplicate: false }, true,
      { reports: [{ message: { messageId: "m", mine: false }, context: { before: [{ messageId: "r", showInConversation: false }] }, held: false, flags: [{ version: 3 }] }], nextCursor: "a=" },
      { reports: [{ message: null, held: true }] }, decided, { bans: [made] }, made, undefined,
    ]);
    expect(asked.filter((one) => !one.startsWith("GET"))).toEqual([
      'POST conversations/g1/messages/m:1/report {"reason":"abuse","text":"look"}',
      'POST moderation/decisions {"conversationId":"g2","messageId":"m","action":"ban","reason":"spam"}',
      'PUT moderation/bans/bob {"reason":"spam","until":9}', "DELETE moderation/bans/bob?conversationId=g2",
    ]);
    server.featureLevel = 17;
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(40_000, () => alice.connection.getSnapshot().featureLevel === 17);
    expect(await isModerator(alice)).toBe(false);
    const before = asked.length;
    const unsupported = (call: Promise<unknown>) => expect(call).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await unsupported(alice.conversation("g1").report("m:1", "abuse"));
    await unsupported(queue(alice));
    await unsupported(decide(alice, { conversationId: "g2", messageId: "m", action: "remove" }));
    expect(asked.length).toBe(before);
    // Bans came one level earlier, held messages one later.
    const listed = bans(alice);
    await clock.run(1_000);
    expect(await listed).toEqual({ bans: [made] });
    server.featureLevel = 18;
    server.sockets.forEach((socket) => socket.end(1006));
    await clock.run(40_000, () => alice.connection.getSnapshot().featureLevel === 18);
    await unsupported(decide(alice, { conversationId: "g2", messageId: "m", action: "release" }));
  });
});
