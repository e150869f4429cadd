// Pushes. A headless browser has no push service: DevTools give them to the page's service worker.
import { equal, until } from "./world.mjs";

/** The push side of somebody's browser. It looks from a page of the same origin that is not the chat. */
class Pushes {
  static async of(world, context) {
    const pushes = new Pushes();
    pushes.world = world;
    pushes.context = context;
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

  /** Gives the worker what its browser would. */
  async deliver(body) {
    const origin = new URL(this.world.url).origin;
    await this.cdp.send("ServiceWorker.deliverPushMessage", { origin, registrationId: this.registrationId, data: JSON.stringify(body) });
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
  const browser = await Pushes.of(world, context);
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
  await push(name, "first");
  await push(name, "second", { sequenceNumber: 3 });
  await push(name, "in another one", { conversationId: "unknown", title: "carol" });
  const shown = async () => (await browser.shown()).map(({ title, body }) => `${title}: ${body}`).sort().join(", ");
  await until(async () => (await shown()) === "bob: second, carol: in another one", "what is for her is shown, the last one of each conversation");

  equal(await page.evaluate(() => location.hash.includes("unknown")), false, "another conversation is open");
  await browser.click("bob");
  await until(() => new URL(page.url()).hash === `#/c/${conversationId}`, "the conversation is open");
  await until(async () => (await shown()) === "carol: in another one", "its notification is closed");
  equal(context.pages().length, 2, "pages: no other one was opened");
}
