/// <reference lib="webworker" />
// Keeps the shell of the page, so that it opens offline, and shows pushes. It never answers for the server's own paths,
// and holds no token and no content.
import { handlePush } from "@milena/sdk/worker";

declare const self: ServiceWorkerGlobalScope;
/** Set by the build. */
declare const SHELL_VERSION: string;
declare const SHELL_FILES: readonly string[];

const cacheName = `milena-shell-${SHELL_VERSION}`;
const SHELL_WITHIN_MS = 2_000;

handlePush({ icon: "icon-192.png", badge: "badge-96.png" });

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(SHELL_FILES.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("milena-shell-") && name !== cacheName) {
      await caches.delete(name);
    }
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const scope = new URL(self.registration.scope);
  if (event.request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) {
    return;
  }
  const path = url.pathname.slice(scope.pathname.length);
  if (path === "") {
    event.respondWith(shell(event.request));
    event.waitUntil(leaveIfGone());
  } else if (path.startsWith("assets/") || /^(icon|badge|manifest)[^/]*$/.test(path)) {
    event.respondWith(asset(event.request));
  }
});

/** The page as the server has it or, where that takes too long, as it was kept. */
async function shell(request: Request): Promise<Response> {
  const shellKept = await (await caches.open(cacheName)).match("./");
  if (shellKept === undefined) {
    return fetch(request);
  }
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(shellKept), SHELL_WITHIN_MS));
  const fresh = fetch(request).then(
    (answer) => (answer.status >= 500 ? shellKept : answer),
    () => shellKept,
  );
  return Promise.race([fresh, late]);
}

async function asset(request: Request): Promise<Response> {
  return (await (await caches.open(cacheName)).match(request)) ?? fetch(request);
}

/** Where this page is no longer served, such as on a port that another project uses now, this worker ends. */
async function leaveIfGone(): Promise<void> {
  let status: number;
  try {
    status = (await fetch("sw.js", { method: "HEAD", cache: "no-store" })).status;
  } catch {
    return;
  }
  if (status === 404 || status === 410) {
    await caches.delete(cacheName);
    await self.registration.unregister();
  }
}
