import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { engineOf, MilenaClient } from "../src/core/client.js";
import "../src/core/calls/own.js";
import { ownerOf } from "../src/push/owner.js";
import {
  conversationNotifications, devices, disablePush, enablePush, notificationSettings, pushState, setConversationLevel, setNotificationSettings, signOutDevice, startPush,
} from "../src/push/index.js";
import { FakeBrowser, holds } from "./browser.js";
import { memoryStorage } from "./memory.js";
import { VirtualClock } from "./sim/clock.js";
import { seeded } from "./sim/random.js";
import { NO_FAULTS, ScriptedServer, webSocketOf } from "./sim/server.js";

const KEYS = ["BAAA", "BBBB", "BCCC"];
type Answer = [number, unknown?];

let browser: FakeBrowser;

beforeEach(() => {
  browser = new FakeBrowser();
  browser.install();
});
afterEach(() => vi.unstubAllGlobals());

/** A server that knows devices, and clients of it; all calls but those of the scripted server are noted. */
function world() {
  const clock = new VirtualClock();
  const random = seeded(7);
  const server = new ScriptedServer(clock, random);
  server.faults = NO_FAULTS;
  server.featureLevel = 16;
  server.talk("d1", "direct", ["alice", "bob"]);
  const calls: string[] = [];
  const registered = new Map<string, any>();
  let key = KEYS[0]!;
  const levels: Record<string, unknown> = {};
  let settings: object = { level: "all", preview: "full" };
  const answer = (method: string, path: string, body: any): Answer => {
    const [, id, push] = /^\/api\/v1\/devices\/([^/]+)(\/push)?$/.exec(path) ?? [];
    if (path === "/api/v1/server") {
      return [200, { push: { platforms: ["webpush"], webpush: { publicKey: key } } }];
    } else if (path === "/api/v1/devices") {
      return [200, { devices: [...registered].map(([deviceId, one]) => ({ deviceId, connected: true, lastSeen: null, createdAt: "", push: one && { platform: "webpush" } })) }];
    } else if (path.endsWith("/notifications")) {
      const of = /conversations\/(.+)\//.exec(path)?.[1];
      if (method === "PUT") {
        of ? (levels[of] = body.level) : (settings = { level: "all", preview: "full", ...body });
      }
      return [200, of ? { conversationId: of, level: levels[of] ?? null, effectiveLevel: levels[of] ?? "all", muted: false } : settings];
    } else if (method === "PUT" && body.vapidKey !== key) {
      return [409, { error: "CONFLICT", message: "vapidKey: another key", publicKey: key }];
    } else if (method === "PUT") {
      registered.set(id!, body);
      return [200, { deviceId: id }];
    }
    push ? registered.set(id!, null) : registered.delete(id!);
    return [204, ""];
  };
  const client = (userId = "alice") => new MilenaClient({
    server: "http://milena.test", user: { userId }, token: async () => `x.${btoa(JSON.stringify({ sub: userId }))}.x`, clock, random,
    transports: ["websocket"], webSocket: webSocketOf(server, userId), storage: memoryStorage(),
    fetch: (async (address: string, init: RequestInit) => {
      const path = address.slice("http://milena.test".length);
      if (!/^\/api\/v1\/(server|devices|users)|\/notifications$/.test(path)) {
        return server.fetchOf(userId)(address, init);
      }
      calls.push(`${init.method} ${path.replace(/devices\/[a-z0-9-]+/, "devices/ID")}`);
      const [status, body] = answer(init.method!, path, init.body && JSON.parse(String(init.body)));
      return { ok: status < 400, status, headers: new Headers(), text: async () => (typeof body === "string" ? body : JSON.stringify(body)) };
    }) as unknown as typeof fetch,
  });
  const until = (condition: () => boolean | Promise<boolean>) => holds(condition, () => Promise.resolve(clock.run(50)));
  const online = async (one: MilenaClient) => {
    one.connect();
    await until(() => one.connection.getSnapshot().upToDate);
    return one;
  };
  const options = { registration: browser.asRegistration };
  const settle = () => until(() => clock.run(20).then(() => true)).then(() => new Promise((resolve) => setTimeout(resolve, 20)));
  return { clock, server, client, online, until, settle, calls, registered, options, newKey: (made: string) => (key = made) };
}

describe("push", () => {
  it("is asked for once, registers this device with its subscription, and ends", async () => {
    const { client, online, calls, registered, options } = world();
    const alice = await online(client());
    expect(await pushState(alice, options)).toBe("off");
    expect(browser.asked).toBe(0);
    expect(await enablePush(alice, { ...options, navigate: "https://chat.test/#/c/{conversationId}" })).toBe("on");
    const { deviceId } = engineOf(alice);
    expect(registered.get(deviceId)).toMatchObject({
      platform: "webpush", vapidKey: KEYS[0], locale: "de", timeZone: expect.stringMatching(/./), navigate: "https://chat.test/#/c/{conversationId}",
      subscription: { endpoint: "https://push.test/1", keys: { p256dh: "p", auth: "a" } },
    });
    expect(await ownerOf(options.registration.scope)).toEqual({ userId: "alice" });
    expect(await pushState(alice, options)).toBe("on");
    await disablePush(alice, options);
    expect(calls.at(-1)).toBe("DELETE /api/v1/devices/ID/push");
    expect([browser.subscription, await ownerOf(options.registration.scope), registered.get(deviceId)]).toEqual([null, null, null]);
    expect(await pushState(alice, options)).toBe("off");
    alice.close();
  });

  it("says what is in its way", async () => {
    const { client, online, options, calls } = world();
    const alice = await online(client());
    browser.answer = "denied";
    expect(await enablePush(alice, options)).toBe("denied");
    expect(await pushState(alice, options)).toBe("denied");
    browser.permission = "default";
    browser.answer = "default";
    expect(await enablePush(alice, options)).toBe("off");
    vi.stubGlobal("PushManager", undefined);
    expect(await pushState(alice, options)).toBe("unsupported");
    vi.stubGlobal("navigator", { ...navigator, standalone: false });
    expect(await enablePush(alice, options)).toBe("needs-install");
    startPush(alice, options)();
    expect(calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
    expect(browser.subscribed).toBe(0);
    alice.close();
  });

  it("is off where the server refuses it, with nothing left behind", async () => {
    const { client, online, options, newKey } = world();
    const alice = await online(client());
    const asked = engineOf(alice).calls;
    const call = asked.call.bind(asked);
    asked.call = ((method: string, path: string, body: object) => (method === "PUT" ? Promise.reject(new Error("refused")) : call(method, path, body))) as typeof asked.call;
    await expect(enablePush(alice, options)).rejects.toThrow("refused");
    expect([browser.subscription, await ownerOf(options.registration.scope)]).toEqual([null, null]);
    newKey(undefined!);
    expect(await pushState(alice, options)).toBe("unsupported");
    alice.close();
  });

  it("is registered at each start, with another subscription where the server has another key", async () => {
    const { client, online, until, calls, registered, options, newKey } = world();
    const first = await online(client());
    await enablePush(first, options);
    first.close();
    calls.length = 0;
    const second = client();
    const stop = startPush(second, options);
    await online(second);
    await until(() => calls.some((call) => call.startsWith("PUT")));
    expect(browser.subscribed).toBe(1);
    stop();
    second.close();

    newKey(KEYS[1]!);
    const third = client();
    const end = startPush(third, options);
    await online(third);
    await until(() => registered.get(engineOf(third).deviceId)?.vapidKey === KEYS[1]);
    expect(browser.subscribed).toBe(2);
    // The key that the website named is older than the server's: its answer says which one it is.
    browser.tells({ milena: "subscription" });
    await until(() => calls.filter((call) => call.startsWith("PUT")).length === 3);
    end();
    await enablePush(third, { ...options, vapidPublicKey: KEYS[0]! });
    expect(registered.get(engineOf(third).deviceId)).toMatchObject({ vapidKey: KEYS[1], subscription: { endpoint: "https://push.test/4" } });
    third.close();
  });

  it("is left off where it was not asked for, and ends where another user left it behind, or it was forbidden since", async () => {
    const { client, online, until, settle, calls, options } = world();
    const bob = client("bob");
    const stop = startPush(bob, options);
    await online(bob);
    await settle();
    expect(calls).toEqual([]);
    const alice = await online(client());
    await enablePush(alice, options);
    alice.close();
    stop();
    bob.close();

    const later = client("bob");
    const end = startPush(later, options);
    await online(later);
    await until(() => browser.subscription === null);
    expect(await ownerOf(options.registration.scope)).toBeNull();
    await enablePush(later, options);
    end();
    later.close();
    browser.permission = "denied";
    const last = client("bob");
    const over = startPush(last, options);
    await online(last);
    await until(() => calls.at(-1) === "DELETE /api/v1/devices/ID/push");
    expect(browser.subscription).toBeNull();
    over();
    last.close();
  });

  it("ends with signing out, here and by the server's word, and its notifications go", async () => {
    const { client, online, until, server, calls, options } = world();
    const alice = await online(client());
    startPush(alice, options);
    await enablePush(alice, options);
    await options.registration.showNotification("bob", { tag: "t", data: { milena: { userId: "alice", conversationId: "d1", sequenceNumber: 99 } } });
    let result: unknown;
    void alice.signOut().then((said) => (result = said));
    await until(() => result !== undefined);
    expect(result).toEqual({ signedOut: true, waitingMessages: 0 });
    expect(calls.at(-1)).toBe("DELETE /api/v1/devices/ID");
    expect([browser.subscription, browser.shown, browser.badge, await ownerOf(options.registration.scope)]).toEqual([null, [], 0, null]);

    const again = await online(client());
    startPush(again, options);
    await enablePush(again, options);
    calls.length = 0;
    for (const socket of server.sockets) {
      socket.close();
      socket.onclose?.({ code: 4401, reason: "signed out" });
    }
    await until(() => browser.subscription === null);
    expect(again.connection.getSnapshot()).toMatchObject({ status: "stopped", stopReason: "signed-out" });
    expect(calls).toEqual([]);
  });

  it("closes what is read, wherever it is read, and keeps the badge right", async () => {
    const { client, online, until, server, options } = world();
    const alice = client();
    startPush(alice, options);
    await online(alice);
    const milena = (sequenceNumber: number, more: object = {}) => ({ userId: "alice", conversationId: "d1", sequenceNumber, ...more });
    const show = (tag: string, data: unknown) => options.registration.showNotification(tag, { tag, data });
    const send = (id: string) => server.command("bob", { type: "message.send", payload: { conversationId: "d1", messageId: id, content: { type: "text", text: id } } }, null);
    send("m2");
    send("m3");
    await until(() => browser.badge === 2);
    await show("two", { milena: milena(2) });
    await show("three", { milena: milena(3) });
    await show("four, which no frame has brought yet", { milena: milena(4) });
    await show("a thread", { milena: milena(3, { threadOf: "m2" }) });
    await show("of others", { milena: milena(4, { userId: "bob" }) });
    await show("no message", { other: true });
    browser.tells({ milena: "shown" });
    await until(() => browser.shown.length === 5);
    expect(browser.shown.map(({ tag }) => tag)).not.toContain("of others");
    server.command("alice", { type: "message.read", payload: { conversationId: "d1", upToSequence: 2 } }, null);
    await until(() => browser.badge === 1 && browser.shown.length === 4);
    expect(browser.shown.map(({ tag }) => tag)).not.toContain("two");
    alice.conversation("d1").markRead();
    await until(() => browser.badge === 0 && browser.shown.length === 2);
    expect(browser.shown.map(({ tag }) => tag)).toEqual(["four, which no frame has brought yet", "no message"]);
    // What came too late.
    await show("three again", { milena: milena(3) });
    browser.tells({ milena: "shown" });
    await until(() => browser.shown.length === 2);
    // Behind what was read there is nothing unread; but a thread is read by itself.
    await show("a thread", { milena: milena(4, { threadOf: "m2" }) });
    server.command("bob", { type: "message.edit", payload: { conversationId: "d1", messageId: "m3", content: { type: "text", text: "m4" } } }, null);
    await until(() => alice.conversation("d1").summary.getSnapshot()?.lastSequence === 4);
    browser.tells({ milena: "shown" });
    await until(() => browser.shown.length === 2);
    expect(browser.shown.map(({ tag }) => tag)).toEqual(["no message", "a thread"]);
    alice.close();
  });

  it("opens a conversation where the page can, and says so", async () => {
    const { client, options } = world();
    const opened: string[] = [];
    const alice = client();
    const ports = [{ postMessage: (said: unknown) => opened.push(`answered ${said}`) }] as unknown as MessagePort[];
    const stop = startPush(alice, { ...options, onOpen: (id) => opened.push(id) });
    browser.tells({ milena: "open", conversationId: "d1" }, ports);
    browser.tells({ milena: "open", conversationId: 5 }, ports);
    browser.tells(null);
    browser.tells({ other: 1 });
    expect(opened).toEqual(["answered true", "d1"]);
    stop();
    startPush(alice, options)();
    browser.tells({ milena: "open", conversationId: "d2" }, ports);
    expect(opened.length).toBe(2);
  });
});

describe("devices and settings", () => {
  it("are fetched while somebody looks, and again after a frame", async () => {
    const { client, online, until, server, registered, calls } = world();
    const alice = client();
    const list = devices(alice);
    expect(devices(alice)).toBe(list);
    const end = list.subscribe(() => {});
    const settings = notificationSettings(alice);
    settings.subscribe(() => {});
    await online(alice);
    registered.set(engineOf(alice).deviceId, null);
    await until(() => list.getSnapshot() !== null && settings.getSnapshot() !== null);
    registered.set("phone", {});
    server.sockets.forEach((socket) => socket.frame({ type: "device.updated", payload: { deviceId: "phone", removed: false } }));
    await until(() => list.getSnapshot()!.length === 2);
    expect(list.getSnapshot()!.map(({ deviceId, isThis }) => [deviceId, isThis])).toEqual([[engineOf(alice).deviceId, true], ["phone", false]]);
    await signOutDevice(alice, "phone");
    await until(() => list.getSnapshot()!.length === 1);
    const { level, preview, quietHours } = { level: "mentions", preview: "none", quietHours: { from: "22:00", to: "07:00" } } as const;
    await setNotificationSettings(alice, { level, preview, quietHours });
    await until(() => settings.getSnapshot()!.level === "mentions");
    expect(settings.getSnapshot()).toEqual({ level, preview, quietHours });
    expect(await setConversationLevel(alice, "d1", "none")).toMatchObject({ level: "none", effectiveLevel: "none" });
    expect(await conversationNotifications(alice, "d1")).toMatchObject({ level: "none" });
    expect(await setConversationLevel(alice, "d1", null)).toMatchObject({ level: null, effectiveLevel: "all" });
    end();
    const before = calls.length;
    server.sockets.forEach((socket) => socket.frame({ type: "device.updated", payload: { deviceId: "phone", removed: true } }));
    await until(() => true);
    expect(calls.length).toBe(before);
    alice.close();
  });

  it("are not asked of a server that does not know them", async () => {
    const { client, online, settle, server, calls } = world();
    server.featureLevel = 15;
    const alice = client();
    devices(alice).subscribe(() => {});
    await online(alice);
    await settle();
    expect(calls).toEqual([]);
    alice.close();
  });
});
