import { vi } from "vitest";

export interface FakeSubscription {
  readonly endpoint: string;
  readonly options: { applicationServerKey: ArrayBuffer };
  toJSON(): object;
  unsubscribe(): Promise<boolean>;
}

export interface FakeNotification {
  readonly title: string;
  readonly tag: string;
  readonly data: unknown;
  readonly options: Record<string, unknown>;
  close(): void;
}

/** What a browser has for push: a service worker with a push manager, notifications, permission, and a badge. */
export class FakeBrowser {
  permission: NotificationPermission = "default";
  answer: NotificationPermission = "granted";
  subscription: FakeSubscription | null = null;
  shown: FakeNotification[] = [];
  /** all that were ever shown */
  log: string[] = [];
  badge = 0;
  subscribed = 0;
  asked = 0;
  readonly container = new EventTarget();

  readonly registration = {
    scope: `https://chat.test/${Math.random()}/`,
    pushManager: {
      getSubscription: async () => this.subscription,
      subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
        if (this.subscription) {
          throw new DOMException("another key is in use", "InvalidStateError");
        }
        const endpoint = `https://push.test/${++this.subscribed}`;
        const made: FakeSubscription = {
          endpoint,
          options: { applicationServerKey: applicationServerKey.slice().buffer as ArrayBuffer },
          toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: "p", auth: "a" } }),
          unsubscribe: async () => {
            this.subscription = this.subscription === made ? null : this.subscription;
            return true;
          },
        };
        return (this.subscription = made);
      },
    },
    showNotification: async (title: string, options: Record<string, unknown>) => {
      this.log.push(title);
      const made: FakeNotification = {
        title, options, tag: String(options.tag), data: structuredClone(options.data),
        close: () => (this.shown = this.shown.filter((one) => one !== made)),
      };
      this.shown = [...this.shown.filter(({ tag }) => tag !== made.tag), made];
    },
    getNotifications: async ({ tag }: { tag?: string } = {}) => this.shown.filter((one) => tag === undefined || one.tag === tag),
  };

  get asRegistration(): ServiceWorkerRegistration {
    return this.registration as unknown as ServiceWorkerRegistration;
  }

  /** Puts it into the place of the browser that Node has not. */
  install(): void {
    const browser = this;
    vi.stubGlobal("navigator", {
      language: "de", serviceWorker: this.container,
      setAppBadge: async (count: number) => void (this.badge = count), clearAppBadge: async () => void (this.badge = 0),
    });
    vi.stubGlobal("PushManager", class {});
    vi.stubGlobal("Notification", class {
      static get permission(): NotificationPermission {
        return browser.permission;
      }

      static async requestPermission(): Promise<NotificationPermission> {
        browser.asked++;
        return (browser.permission = browser.answer);
      }
    });
  }

  /** The worker says something to the page. */
  tells(data: unknown, ports: MessagePort[] = []): void {
    this.container.dispatchEvent(Object.assign(new Event("message"), { data, ports }));
  }
}

/** Waits until something holds, as IndexedDB takes turns of the machine's own. */
export async function holds(condition: () => boolean | Promise<boolean>, turn: () => Promise<unknown> = async () => {}): Promise<void> {
  for (let turns = 0; turns < 2_000; turns++) {
    await turn();
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`did not come about: ${condition}`);
}
