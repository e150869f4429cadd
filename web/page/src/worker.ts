interface Policy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

const path = "sw.js";
let registered: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);

/** The page's service worker once it runs; null if there is none. */
export function worker(): Promise<ServiceWorkerRegistration | null> {
  return registered;
}

/** Has the page kept, so that it opens offline; a browser that cannot opens it online alone. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  const policy = factory?.createPolicy("milena", {
    createScriptURL: (url) => {
      if (url !== path) {
        throw new TypeError("no other script is loaded");
      }
      return url;
    },
  });
  const url = policy === undefined ? path : policy.createScriptURL(path);
  registered = navigator.serviceWorker.register(url).then(() => navigator.serviceWorker.ready, () => null);
}
