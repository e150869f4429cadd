// Pushes. A headless browser has no push service: the subscription is one of ours, which decrypts what the server sends,
// and DevTools give it to the page's service worker.
import { check } from "./scenarios.mjs";
import { PushService } from "./push-service.mjs";
import { equal, unique, until } from "./world.mjs";

/** Puts our push service into the place of the browser's, and asks for permission as a browser does. */
async function subscribable(context, url, service) {
  await context.grantPermissions(["notifications"], { origin: new URL(url).origin });
  await context.exposeFunction("subscribeAtService", (key) => service.subscribe(key));
  await context.exposeFunction("unsubscribeAtService", (endpoint) => service.unsubscribe(endpoint));
  await context.addInitScript(() => {
    const KEY = "test.subscription";
    const permission = () => localStorage.getItem("test.permission") ?? "default";
    Object.defineProperty(Notification, "permission", { get: permission });
    Notification.requestPermission = async () => {
      localStorage.setItem("test.permission", "granted");
      return permission();
    };
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
    const made = ({ json, key }) => ({
      endpoint: json.endpoint,
      options: { applicationServerKey: bytes(key) },
      toJSON: () => json,
      unsubscribe: async () => {
        localStorage.removeItem(KEY);
        await window.unsubscribeAtService(json.endpoint);
        return true;
      },
    });
    PushManager.prototype.getSubscription = async () => {
      const kept = localStorage.getItem(KEY);
      return kept === null ? null : made(JSON.parse(kept));
    };
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      const key = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      const kept = { key, json: await window.subscribeAtService(key) };
      localStorage.setItem(KEY, JSON.stringify(kept));
      return made(kept);
    };
  });
}

/** The push side of somebody's browser. It looks from a page of the same origin that is not the chat. */
class Pushes {
  static async of(world, context, service) {
    const pushes = new Pushes();
    pushes.world = world;
    pushes.context = context;
    pushes.service = service;
    pushes.page = await context.newPage();
    await pushes.page.goto(new URL("icon.svg", world.url).href);
    pushes.cdp = await context.newCDPSession(pushes.page);
    pushes.cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      pushes.registrationId = registrations.findLast(({ isDeleted, scopeURL }) => !isDeleted && scopeURL === new URL("./", world.url).href)?.registrationId ?? pushes.registrationId;
    });
    await pushes.cdp.send("ServiceWorker.enable");
    await until(() => pushes.registrationId !== undefined, "the worker is registered");
    return pushes;
  }

  async endpoint() {
    return JSON.parse(await this.page.evaluate(() => localStorage.getItem("test.subscription")))?.json.endpoint ?? null;
  }

  /** Gives the worker what its browser would. */
  async deliver(body) {
    const origin = new URL(this.world.url).origin;
    await this.cdp.send("ServiceWorker.deliverPushMessage", { origin, registrationId: this.registrationId, data: JSON.stringify(body) });
  }

  /** Waits for the next push of the server, and gives it to the worker. */
  async next(seen) {
    const endpoint = await this.endpoint();
    await until(() => this.service.came(endpoint).length > seen, "the server pushes");
    const push = this.service.came(endpoint)[seen];
    await this.deliver(push.body);
    return push;
  }

  shown() {
    return this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
    });
  }

  /** Clicks a notification: DevTools cannot, so the worker is given the event that a click makes. */
  async click(title) {
    const worker = this.context.serviceWorkers().find((each) => each.url().endsWith("/sw.js"));
    await worker.evaluate(async (wanted) => {
      const notification = (await self.registration.getNotifications()).find((each) => each.title === wanted);
      self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
    }, title);
  }
}

/** What a server pushes of a message, in the form that browsers read, too. */
function pushOf({ userId, conversationId, sequenceNumber = 2, title = "bob", body, unread = 1 }, navigate) {
  const milena = { v: 1, userId, conversationId, conversationType: "direct", messageId: "m", sequenceNumber, timestamp: Date.now(), count: 1, unread, collapseKey: `of-${conversationId}` };
  const notification = { title, body, navigate, tag: milena.collapseKey, silent: false, data: { milena } };
  return { web_push: 8030, mutable: true, app_badge: unread, notification };
}

/** The worker shows what is pushed to who is signed in, one notification a conversation, and a click opens it. */
export async function shownPushes(world) {
  const name = `shown-${Date.now().toString(36)}`;
  const bob = await world.person("bob");
  const context = await world.profile();
  await context.grantPermissions(["notifications"], { origin: new URL(world.url).origin });
  const page = await world.page(context);
  await world.signIn(page, name);
  const alice = bob.at(page, name);
  await alice.isConnected();
  await alice.starts("bob");
  await bob.opens(name);
  await alice.starts("bob, carol", "Elsewhere");
  const conversationId = /c\/(.+)$/.exec(bob.page.url())[1];
  const browser = await Pushes.of(world, context, null);
  const address = `${new URL("./", world.url).href}#/c/${conversationId}`;
  const push = (userId, body, more = {}) => browser.deliver(pushOf({ userId, conversationId, body, ...more }, address));

  await browser.page.evaluate(async (userId) => {
    const { scope } = await navigator.serviceWorker.getRegistration();
    const opening = indexedDB.open("milena push", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("owners");
    await new Promise((resolve) => (opening.onsuccess = resolve));
    await new Promise((resolve) => (opening.result.transaction("owners", "readwrite").objectStore("owners").put({ userId }, scope).onsuccess = resolve));
    opening.result.close();
  }, name);
  await push("somebody-else", "not for her", { conversationId: "of-others" });
  await browser.deliver({ something: "else" });
  const shows = (wanted, what) => until(async () => {
    const shown = (await browser.shown()).map(({ title, body }) => `${title}: ${body}`).sort().join(", ");
    if (shown !== wanted) {
      throw new Error(`shown: ${shown}`);
    }
    return true;
  }, what);
  await push(name, "first");
  await shows("bob: first", "what is for her is shown");
  await push(name, "second", { sequenceNumber: 3 });
  await push(name, "in another one", { conversationId: "unknown", title: "carol" });
  await shows("bob: second, carol: in another one", "the last one of each conversation is shown");

  equal(await page.evaluate(() => location.hash.includes("unknown")), false, "another conversation is open");
  await browser.click("bob");
  await until(() => new URL(page.url()).hash === `#/c/${conversationId}`, "the conversation is open");
  await shows("carol: in another one", "its notification is closed");
  equal(context.pages().length, 2, "pages: no other one was opened");
}

const service = process.env.PUSH_PORT ? await PushService.open(Number(process.env.PUSH_PORT)) : null;

export function closePushService() {
  service?.close();
}

/** Somebody turns push on, hears of a message while the page is closed, opens it by a click, and reads another elsewhere. */
export async function pushes(world) {
  const name = `push-${Date.now().toString(36)}`;
  const bob = await world.person("bob");
  const context = await world.profile();
  await subscribable(context, world.url, service);
  let page = await world.page(context);
  await world.signIn(page, name);
  let alice = bob.at(page, name);
  await alice.isConnected();
  await alice.starts("bob");
  const turnOn = page.getByRole("button", { name: "Turn on notifications" });
  equal(await turnOn.count(), 0, "nobody is asked before they have sent a message");
  await alice.says("hello");
  await turnOn.click();
  await turnOn.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Notifications and devices" }).click();
  await page.getByText("New messages are shown while this page is closed.").waitFor();
  await check(page, "notifications and devices");
  const browser = await Pushes.of(world, context, service);
  await page.close();

  await bob.opens(name);
  await bob.says("are you there?");
  const push = await browser.next(0);
  const { notification } = push.body;
  equal([push.body.web_push, push.body.mutable, notification.title, notification.body], [8030, true, "bob", "are you there?"], "what the push says");
  const { conversationId, userId } = notification.data.milena;
  equal([userId, notification.navigate], [name, `${new URL("./", world.url).href}#/c/${conversationId}`], "whose it is, and what a click opens");
  equal([push.head.topic, notification.tag], [notification.tag, notification.data.milena.collapseKey], "what replaces it");
  await until(async () => JSON.stringify(await browser.shown()) === JSON.stringify([{ title: "bob", body: "are you there?", tag: notification.tag }]), "the notification is shown");

  page = await world.page(context);
  await page.goto(world.url);
  alice = bob.at(page, name);
  await alice.line("bob", 1).waitFor();
  await browser.click("bob");
  await alice.sees("bob", "are you there?");
  await until(async () => (await browser.shown()).length === 0, "it is closed");
  equal(new URL(page.url()).hash, `#/c/${conversationId}`, "the conversation is open");
  await page.close();

  await bob.says("one more");
  await browser.next(1);
  await until(async () => (await browser.shown()).length === 1, "another one is shown");
  page = await world.page(context);
  alice = bob.at(page, name);
  await page.goto(world.url);
  const elsewhere = await world.person(name);
  await elsewhere.opens("bob");
  await elsewhere.sees("bob", "one more");
  await until(async () => (await browser.shown()).length === 0, "it is closed, since it was read elsewhere");

  // She signs out: nothing is left that a push could reach.
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("textbox", { name: "Your name" }).waitFor();
  equal(await browser.endpoint(), null, "the subscription");
  await browser.deliver(push.body);
  await browser.deliver({ ...push.body, notification: { ...notification, title: "of nobody" } });
  await bob.says("nobody hears this");
  // Also the same user begins without push.
  await world.signIn(page, name);
  await alice.line("bob", 1).waitFor();
  await page.getByRole("button", { name: "Notifications and devices" }).click();
  await page.getByText("New messages are not shown while this page is closed.").waitFor();
  equal(await browser.shown(), [], "what is shown of somebody who is signed out");
}

/** Settings hold on all devices; a device that is signed out from another one says so and keeps nothing. */
export async function devices(world) {
  const name = `devices-${Date.now().toString(36)}`;
  const [laptop, phone] = [await world.person(name), await world.person(name, { colorScheme: "dark", viewport: { width: 390, height: 780 } })];
  const title = unique("Devices");
  await laptop.starts("bob, carol", title);
  await phone.line(title).waitFor();
  const open = async ({ page }) => {
    await page.getByRole("button", { name: "Notifications and devices" }).click();
    return page.getByRole("dialog", { name: "Notifications and devices" });
  };
  const [here, there] = [await open(laptop), await open(phone)];
  await here.getByRole("combobox", { name: "Notify me of" }).selectOption("Mentions of me");
  await here.getByRole("checkbox", { name: "Quiet hours" }).check();
  await until(async () => (await there.getByRole("textbox", { name: "From" }).or(there.getByLabel("From")).inputValue()) === "22:00", "the other device has the quiet hours");
  equal(await there.getByRole("combobox", { name: "Notify me of" }).inputValue(), "mentions", "the level there");
  await check(phone.page, "notifications and devices on a phone");
  await laptop.page.keyboard.press("Escape");
  await laptop.opens(title);
  await laptop.page.getByRole("button", { name: "Details" }).click();
  const level = laptop.page.getByRole("combobox", { name: "Notify me of" });
  await level.getByText("As in my settings: Mentions of me").waitFor({ state: "attached" });
  await level.selectOption("Nothing");
  // The server has answered.
  await level.getByText("As in my settings: Mentions of me").waitFor({ state: "detached" });
  await laptop.page.keyboard.press("Escape");
  await laptop.page.getByRole("button", { name: "Details" }).click();
  await until(async () => (await level.inputValue()) === "none", "the level of the conversation is kept");
  await laptop.page.keyboard.press("Escape");

  const again = await open(laptop);
  const list = again.getByRole("list", { name: "Your devices" });
  await until(async () => (await list.getByRole("listitem").count()) === 2, "both devices are listed");
  equal(await list.getByText("this device").count(), 1, "one of them is this one");
  await list.getByRole("button", { name: /^Sign out/ }).click();
  await list.getByText("What it keeps of your messages is deleted").waitFor();
  await list.getByRole("button", { name: "Sign out", exact: true }).click();
  await phone.page.getByText("You were signed out.").waitFor();
  const kept = () => phone.page.evaluate(async () => (await indexedDB.databases()).map((each) => each.name).filter((each) => each.startsWith("milena http")));
  await until(async () => (await kept()).length === 0, "nothing of the user is kept there");
  await until(async () => (await list.getByText("Connected").count()) === 1, "one device is connected");
  await laptop.page.keyboard.press("Escape");
  await laptop.isConnected();
}
