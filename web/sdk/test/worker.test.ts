import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setOwner } from "../src/push/owner.js";
import { handlePush } from "../src/worker/index.js";
import { FakeBrowser } from "./browser.js";

interface FakeWindow {
  url: string;
  focused: boolean;
  visibilityState: string;
  focus: () => Promise<void>;
  postMessage: (message: any, ports?: MessagePort[]) => void;
}

let browser: FakeBrowser;
let listeners: Map<string, (event: any) => void>;
let windows: FakeWindow[];
let opened: string[];
let told: unknown[];

beforeEach(async () => {
  browser = new FakeBrowser();
  browser.install();
  listeners = new Map();
  windows = [];
  opened = [];
  told = [];
  vi.stubGlobal("registration", browser.registration);
  vi.stubGlobal("clients", { matchAll: async () => windows, openWindow: async (url: string) => void opened.push(url) });
  vi.stubGlobal("addEventListener", (type: string, listener: (event: any) => void) => listeners.set(type, listener));
  handlePush({ icon: "icon.png", badge: "badge.png" });
  await setOwner(browser.registration.scope, { userId: "alice" });
});
afterEach(() => vi.unstubAllGlobals());

/** Gives an event to the worker; false if it took no notice of it. */
async function fire(type: string, event: object): Promise<boolean> {
  const works: Promise<unknown>[] = [];
  listeners.get(type)!({ ...event, waitUntil: (work: Promise<unknown>) => works.push(work) });
  await Promise.all(works);
  return works.length > 0;
}

const milena = (more: object = {}) => ({
  v: 1, userId: "alice", conversationId: "d1", conversationType: "direct", messageId: "m1", sequenceNumber: 7, timestamp: 1_700_000_000_000, count: 1, unread: 3,
  collapseKey: "k1", senderId: "bob", senderName: "Bob", text: "very private", ...more,
});
const body = (more: object = {}, of: object = {}) => ({
  web_push: 8030, mutable: true, app_badge: 3,
  notification: { title: "Bob", body: "very private", navigate: "/#/c/d1", lang: "en", tag: "k1", silent: false, data: { milena: milena(of) }, ...more },
});
const push = (said: unknown) => fire("push", { data: { json: () => structuredClone(said) } });

function page(url: string, { answers = true, focused = false, visible = false } = {}): FakeWindow {
  const made: FakeWindow = {
    url, focused, visibilityState: visible ? "visible" : "hidden",
    focus: async () => void (told.push(`focus ${url}`)),
    postMessage: (message, ports) => {
      told.push([url, message]);
      if (answers) {
        ports?.[0]?.postMessage(true);
      }
    },
  };
  windows.push(made);
  return made;
}

describe("the worker", () => {
  it("shows a push of the user who is signed in, one a conversation, and sets the badge", async () => {
    page("https://chat.test/");
    expect(await push(body())).toBe(true);
    expect(await push(body({ body: "and more" }, { sequenceNumber: 8 }))).toBe(true);
    expect(browser.log).toEqual(["Bob", "Bob"]);
    expect(browser.shown.map(({ title, options }) => [title, options.body, options.tag, options.icon, options.badge, options.renotify, options.lang]))
      .toEqual([["Bob", "and more", "k1", "icon.png", "badge.png", true, "en"]]);
    expect(browser.badge).toBe(3);
    expect(told).toContainEqual(["https://chat.test/", { milena: "shown" }]);
    // Content stands in what is shown, and nowhere else.
    expect(browser.shown[0]!.data).toEqual({ milena: { userId: "alice", conversationId: "d1", sequenceNumber: 8, threadOf: undefined }, navigate: "/#/c/d1" });
    const stored = (await indexedDB.databases()).map(({ name }) => name);
    expect(stored).toEqual(["milena push"]);
  });

  it("shows nothing of another user's, and ends the subscription where nobody is signed in", async () => {
    await browser.registration.pushManager.subscribe({ applicationServerKey: new Uint8Array([1]) });
    expect(await push(body({}, { userId: "bob" }))).toBe(true);
    expect([browser.log, browser.badge]).toEqual([[], 0]);
    expect(browser.subscription).not.toBeNull();
    await setOwner(browser.registration.scope, null);
    expect(await push(body())).toBe(true);
    expect([browser.log, browser.badge, browser.subscription]).toEqual([[], 0, null]);
  });

  it("takes what a browser has read of the declarative body", async () => {
    const { notification } = body();
    expect(await fire("push", { data: null, notification, appBadge: 5 })).toBe(true);
    expect([browser.shown.map(({ title }) => title), browser.badge]).toEqual([["Bob"], 5]);
    browser.shown = [];
    await setOwner(browser.registration.scope, { userId: "carol" });
    expect(await fire("push", { data: null, notification, appBadge: 5 })).toBe(true);
    // It must show something, or else the browser shows what it has read.
    expect([browser.log, browser.shown]).toEqual([["Bob", "…"], []]);
  });

  it("leaves pushes of others and garbage to others", async () => {
    const garbage = [null, 5, "x", [], {}, { notification: null }, { notification: { title: "t" } }, { notification: { title: "t", data: { milena: null } } },
      { notification: { title: 5, data: { milena: milena() } } }, { notification: { title: "t", data: { milena: milena({ sequenceNumber: "7" }) } } }];
    for (const said of garbage) {
      expect(await push(said), JSON.stringify(said)).toBe(false);
    }
    expect(await fire("push", { data: { json: () => JSON.parse("{") } })).toBe(false);
    expect(await fire("push", { data: null })).toBe(false);
    expect(await fire("notificationclick", { notification: { data: { other: 1 }, close: () => {} } })).toBe(false);
    expect(browser.log).toEqual([]);
    expect(await push({ ...body({ tag: 5, body: {}, lang: null }), app_badge: -1 })).toBe(true);
    expect(browser.shown[0]!.options).toMatchObject({ tag: "d1", body: "", lang: "" });
    expect(browser.badge).toBe(3);
  });

  const click = async (more: object = {}) => {
    await push(body(more));
    const [notification] = browser.shown;
    await fire("notificationclick", { notification });
    expect(browser.shown).toEqual([]);
  };

  it("opens the conversation in the page that is nearest, and only in a page of the chat", async () => {
    page("https://chat.test/shop", { focused: true, visible: true });
    page("https://chat.test/#/c/other");
    page("https://chat.test/?a#/", { visible: true });
    await click({ navigate: "https://chat.test/#/c/d1" });
    expect(told.slice(-2)).toEqual(["focus https://chat.test/?a#/", ["https://chat.test/?a#/", { milena: "open", conversationId: "d1" }]]);
    expect(opened).toEqual([]);
    windows.forEach((window) => (window.focus = () => Promise.reject(new DOMException("no", "InvalidAccessError"))));
    await click({ navigate: "https://chat.test/#/c/d1" });
    expect(opened).toEqual([]);
  });

  it("opens a window where no page answers, of its own website alone", async () => {
    await click({ navigate: "https://chat.test/#/c/d1" });
    page("https://chat.test/", { answers: false });
    await click({ navigate: "https://chat.test/#/c/d1" });
    windows = [];
    const { scope } = browser.registration;
    for (const navigate of ["https://evil.test/", "javascript:alert(1)", "http://chat.test/", "https://", 5, undefined]) {
      await click({ navigate });
    }
    expect(opened).toEqual(["https://chat.test/#/c/d1", "https://chat.test/#/c/d1", ...Array<string>(6).fill(scope)]);
  });

  it("has the page register again where the browser changed the subscription", async () => {
    page("https://chat.test/");
    expect(await fire("pushsubscriptionchange", {})).toBe(true);
    expect(told).toEqual([["https://chat.test/", { milena: "subscription" }]]);
  });
});
