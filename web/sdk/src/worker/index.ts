import { setBadge } from "../push/badge.js";
import { ownerOf } from "../push/owner.js";
import { shownIn, type FromWorker, type Shown } from "../push/words.js";

export interface PushHandlerOptions {
  /** the picture of notifications: an address, as from this worker */
  icon?: string;
  /** the small picture in the status line of Android, of one color */
  badge?: string;
}

// What is used of a service worker: its types and those of a page exclude each other.
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly Window[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(type: "push", listener: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Clicked) => void): void;
  addEventListener(type: "pushsubscriptionchange", listener: (event: Waiting) => void): void;
}

interface Window {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}

interface Pushed extends Waiting {
  readonly data: { json(): unknown } | null;
  /** by a browser that reads the declarative body itself */
  readonly notification?: Notification & { readonly navigate?: string };
  readonly appBadge?: number | null;
}

interface Clicked extends Waiting {
  readonly notification: Notification;
}

/** A push, as it is to be shown. */
interface Said {
  readonly shown: Shown;
  readonly title: string;
  readonly options: NotificationOptions & { renotify?: boolean; timestamp?: number };
  readonly unread: number | null;
}

const ANSWER_WITHIN_MS = 1_000;

/**
 * Shows pushes of Milena as notifications and opens the conversation after a click. Call it while the worker's script
 * runs for the first time. Other pushes and notifications are left to the other listeners of this worker. The worker
 * holds no token and keeps no content.
 */
export function handlePush(options: PushHandlerOptions = {}): void {
  const self = globalThis as unknown as Scope;
  self.addEventListener("push", (event) => {
    const said = read(event, options);
    if (said) {
      event.waitUntil(show(self, said, event.notification !== undefined && event.notification !== null));
    }
  });
  self.addEventListener("notificationclick", (event) => {
    const { notification } = event;
    const shown = shownIn(notification.data);
    if (shown) {
      notification.close();
      const { navigate } = notification.data as { navigate?: unknown };
      event.waitUntil(open(self, shown.conversationId, ownAddress(navigate, self.registration.scope)));
    }
  });
  self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(tell(self, { milena: "subscription" })));
}

/** What a push says; null if it is none of Milena's. */
function read(event: Pushed, { icon, badge }: PushHandlerOptions): Said | null {
  let body: { notification?: Partial<Notification> & { navigate?: unknown }; app_badge?: unknown } | null;
  try {
    body = event.notification ? { notification: event.notification, app_badge: event.appBadge } : (event.data?.json() as typeof body);
  } catch {
    return null;
  }
  const notification = body?.notification;
  const data = notification?.data as { milena?: { timestamp?: unknown; unread?: unknown } } | undefined;
  const shown = shownIn(data);
  if (!notification || !shown || typeof notification.title !== "string") {
    return null;
  }
  const { userId, conversationId, sequenceNumber, threadOf } = shown;
  const { timestamp, unread } = data!.milena!;
  return {
    shown,
    title: notification.title,
    options: {
      body: text(notification.body), lang: text(notification.lang), tag: text(notification.tag) || conversationId,
      icon, badge, renotify: true, timestamp: typeof timestamp === "number" ? timestamp : undefined,
      // What the notification shows stands in it anyway; these are the few facts that a click and a reader need.
      data: { milena: { userId, conversationId, sequenceNumber, threadOf }, navigate: notification.navigate },
    },
    unread: count(body?.app_badge) ?? count(unread),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

async function show(self: Scope, { shown, title, options, unread }: Said, isShownAnyway: boolean): Promise<void> {
  const { registration } = self;
  const owner = await ownerOf(registration.scope).catch(() => null);
  if (owner?.userId !== shown.userId) {
    if (isShownAnyway) {
      // A browser that reads the body itself shows it unless the worker shows something.
      await registration.showNotification("…", { tag: options.tag, silent: true });
      (await registration.getNotifications({ tag: options.tag })).forEach((notification) => notification.close());
    }
    if (owner === null) {
      // Nobody is signed in: the server learns from the push service that this subscription has ended.
      await (await registration.pushManager.getSubscription())?.unsubscribe();
    }
    return;
  }
  await registration.showNotification(title, options);
  if (unread !== null) {
    setBadge(unread);
  }
  await tell(self, { milena: "shown" });
}

function windows(self: Scope): Promise<readonly Window[]> {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}

async function tell(self: Scope, said: FromWorker): Promise<void> {
  (await windows(self)).forEach((window) => window.postMessage(said));
}

/** An address of this website; that of the worker's scope in the place of any other. */
function ownAddress(address: unknown, scope: string): string {
  try {
    const url = typeof address === "string" ? new URL(address, scope) : null;
    return url?.origin === new URL(scope).origin ? url.href : scope;
  } catch {
    return scope;
  }
}

/** Opens a conversation in a page that is there, else in a new one. */
async function open(self: Scope, conversationId: string, address: string): Promise<void> {
  const place = (url: string) => url.replace(/[?#].*$/, "");
  const rank = (window: Window) => (window.focused ? 2 : window.visibilityState === "visible" ? 1 : 0);
  const there = (await windows(self)).filter(({ url }) => place(url) === place(address)).sort((a, b) => rank(b) - rank(a))[0];
  if (there) {
    // Some browsers refuse it; the conversation is opened all the same.
    await there.focus().catch(() => {});
    if (await isOpened(there, conversationId)) {
      return;
    }
  }
  await self.clients.openWindow(address);
}

/** Whether a page opens it: it may be another part of the website, or no longer run. */
function isOpened(window: Window, conversationId: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => answered(false), ANSWER_WITHIN_MS);
    const answered = (isSo: boolean) => {
      clearTimeout(timer);
      port1.close();
      resolve(isSo);
    };
    port1.onmessage = () => answered(true);
    window.postMessage({ milena: "open", conversationId } satisfies FromWorker, [port2]);
  });
}
