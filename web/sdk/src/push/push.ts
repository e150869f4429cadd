import { engineOf, type MilenaClient } from "../core/client.js";
import type { Engine } from "../core/engine.js";
import { MilenaError } from "../core/errors.js";
import { tidyNotifications } from "./notifications.js";
import { ownerOf, setOwner } from "./owner.js";
import type { FromWorker } from "./words.js";

/**
 * `unsupported`: by this browser, or by the server. `needs-install`: on iOS a website has it once it is on the home
 * screen. `denied`: the user has forbidden notifications, and only the browser's settings change that.
 */
export type PushState = "unsupported" | "needs-install" | "denied" | "off" | "on";

export interface PushOptions {
  /** of the service worker that calls `handlePush()` of `@milena/sdk/worker` */
  registration: ServiceWorkerRegistration;
  /** the server's public key; asked of the server if left out */
  vapidPublicKey?: string;
  /** what a click opens, with `{conversationId}` in it, of this website; the server's chat page if left out */
  navigate?: string;
  /** of the few words that a notification has beside the message, such as `de`; the browser's if left out */
  locale?: string;
  /** opens a conversation in this page after a click; without it a click opens `navigate` in a new window */
  onOpen?: (conversationId: string) => void;
}

const END_WITHIN_MS = 2_000;

/** Whether pushes of this user reach this browser. */
export async function pushState(client: MilenaClient, { registration, vapidPublicKey }: Pick<PushOptions, "registration" | "vapidPublicKey">): Promise<PushState> {
  const engine = engineOf(client);
  const lacking = lackingHere();
  if (lacking !== null) {
    return lacking;
  }
  if (Notification.permission === "denied") {
    return "denied";
  }
  const isOn = await isOwn(engine, registration).catch(() => null);
  if (isOn === null || (vapidPublicKey === undefined && (await isOffered(engine)) === false)) {
    return "unsupported";
  }
  const subscription = await registration.pushManager.getSubscription().catch(() => null);
  return isOn && Notification.permission === "granted" && subscription !== null ? "on" : "off";
}

/**
 * Asks the user for permission and registers this device. Call it from a click: browsers ask for nothing else. Rejects
 * with a `MilenaError` if the server cannot be reached or refuses it, and with the browser's error if that has no push.
 */
export async function enablePush(client: MilenaClient, options: PushOptions): Promise<PushState> {
  const engine = engineOf(client);
  const lacking = lackingHere();
  if (lacking !== null) {
    return lacking;
  }
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    return permission === "denied" ? "denied" : "off";
  }
  if (engine.me === null) {
    throw new MilenaError("SIGNED_OUT", "nobody is signed in");
  }
  const { registration } = options;
  await setOwner(registration.scope, { userId: engine.me });
  try {
    await register(engine, options);
  } catch (error) {
    await end(registration);
    throw error;
  }
  return "on";
}

/** Ends it for this device; the user stays signed in. */
export async function disablePush(client: MilenaClient, { registration }: Pick<PushOptions, "registration">): Promise<void> {
  const engine = engineOf(client);
  await end(registration);
  // Where the server cannot be reached it hears of the end from the browser's push service.
  await unregister(engine).catch(() => {});
}

/**
 * Keeps push going while a page is open; call it once for each client, when the page starts. It registers this device
 * again if push is on, closes notifications of what was read, sets the badge, opens conversations after clicks, and ends
 * push when the user signs out. The returned function stops it.
 */
export function startPush(client: MilenaClient, options: PushOptions): () => void {
  const engine = engineOf(client);
  const { registration } = options;
  if (lackingHere() !== null) {
    return () => {};
  }
  const container = navigator.serviceWorker;
  const tidy = tidyNotifications(client, registration);
  let isRegistered = false;
  let isRegistering = false;
  const renew = async () => {
    if (isRegistered || isRegistering || !engine.leads || client.connection.getSnapshot().status !== "online") {
      return;
    }
    isRegistering = true;
    try {
      await goOn(engine, options);
      isRegistered = true;
    } catch (error) {
      // The next connection tries it again.
      engine.debug("push not registered", { code: error instanceof MilenaError ? error.code : null });
    } finally {
      isRegistering = false;
    }
  };
  const heard = ({ data, ports }: MessageEvent) => {
    const said = data as FromWorker | null;
    if (said?.milena === "shown") {
      tidy.later();
    } else if (said?.milena === "subscription") {
      isRegistered = false;
      void renew();
    } else if (said?.milena === "open" && options.onOpen && typeof said.conversationId === "string") {
      ports[0]?.postMessage(true);
      options.onOpen(said.conversationId);
    }
  };
  container.addEventListener("message", heard);
  const unlisten = client.connection.subscribe(() => void renew());
  const forget = () => end(registration);
  engine.forgotten.add(forget);
  void renew();
  return () => {
    container.removeEventListener("message", heard);
    unlisten();
    tidy.stop();
    engine.forgotten.delete(forget);
  };
}

/** What this browser lacks for push; null if nothing. */
function lackingHere(): "unsupported" | "needs-install" | null {
  const { navigator } = globalThis;
  if (navigator?.serviceWorker && globalThis.PushManager && globalThis.Notification && globalThis.indexedDB) {
    return null;
  }
  return (navigator as { standalone?: boolean } | undefined)?.standalone === false ? "needs-install" : "unsupported";
}

async function isOwn(engine: Engine, registration: ServiceWorkerRegistration): Promise<boolean> {
  return engine.me !== null && (await ownerOf(registration.scope))?.userId === engine.me;
}

/** As the page starts: what was on goes on; what another user left behind ends. */
async function goOn(engine: Engine, options: PushOptions): Promise<void> {
  const { registration } = options;
  if (!(await isOwn(engine, registration))) {
    if ((await ownerOf(registration.scope)) !== null) {
      await end(registration);
    }
  } else if (Notification.permission === "granted") {
    await register(engine, options);
  } else {
    await end(registration);
    await unregister(engine);
  }
}

function pathOf(engine: Engine): string {
  return `/api/v1/devices/${encodeURIComponent(engine.deviceId)}`;
}

async function register(engine: Engine, { registration, vapidPublicKey, navigate, locale = globalThis.navigator.language }: PushOptions): Promise<void> {
  await engine.opened();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const put = async (vapidKey: string) => {
    const subscription = await subscribe(registration, vapidKey);
    await engine.calls.call("PUT", pathOf(engine), {
      body: { platform: "webpush", subscription: subscription.toJSON(), vapidKey, navigate, locale, timeZone }, again: true,
    });
  };
  try {
    await put(vapidPublicKey ?? (await publicKeyOf(engine)));
  } catch (error) {
    const { code, body } = error as { code?: unknown; body?: { publicKey?: unknown } };
    if (code !== "CONFLICT" || typeof body?.publicKey !== "string") {
      throw error;
    }
    // The server has another key now.
    await put(body.publicKey);
  }
}

async function unregister(engine: Engine): Promise<void> {
  await engine.opened();
  await engine.calls.call("DELETE", `${pathOf(engine)}/push`, { again: true });
}

interface Offer {
  push?: { webpush?: { publicKey?: unknown } };
}

async function publicKeyOf(engine: Engine): Promise<string> {
  const key = (await engine.calls.call<Offer | null>("GET", "/api/v1/server", { again: false }))?.push?.webpush?.publicKey;
  if (typeof key !== "string") {
    throw new MilenaError("UNSUPPORTED", "this server sends no web pushes");
  }
  return key;
}

/** Whether the server sends web pushes; null if it cannot be asked now. */
function isOffered(engine: Engine): Promise<boolean | null> {
  return publicKeyOf(engine).then(() => true, (error: unknown) => ((error as MilenaError).code === "UNSUPPORTED" ? false : null));
}

/** The subscription for a key; one for another key ends. */
async function subscribe({ pushManager }: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const wanted = bytesOf(key);
  const present = await pushManager.getSubscription();
  const had = present?.options.applicationServerKey;
  if (present && had && same(new Uint8Array(had), wanted)) {
    return present;
  }
  await present?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
}

/** Ends push in this browser; what takes too long is left to the browser. */
async function end(registration: ServiceWorkerRegistration): Promise<void> {
  const steps = async () => {
    await setOwner(registration.scope, null).catch(() => {});
    await (await registration.pushManager.getSubscription())?.unsubscribe();
  };
  await Promise.race([steps().catch(() => {}), new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS))]);
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
