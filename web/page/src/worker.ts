interface Policy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

const path = "sw.js";

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
  navigator.serviceWorker.register(url).catch(() => undefined);
}
