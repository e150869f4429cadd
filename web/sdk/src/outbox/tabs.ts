import type { TabSharing } from "../core/types.js";
import { tabsOver } from "./relay.js";

/**
 * Lets the tabs of one user share one connection: the tab that has a Web Lock holds it, the others hear of it over a
 * BroadcastChannel. Where a browser has neither, each tab has a connection of its own.
 */
export function browserTabs(): TabSharing {
  return tabsOver({
    join(scope, tab) {
      const tabId = crypto.getRandomValues(new Uint32Array(2)).join("-");
      if (!globalThis.navigator?.locks || !globalThis.BroadcastChannel) {
        queueMicrotask(() => tab.lead());
        return { tabId, tell: () => {}, leave: () => {} };
      }
      const channel = new BroadcastChannel(scope);
      const abort = new AbortController();
      let release = () => {};
      let left = false;
      channel.onmessage = ({ data }) => !left && tab.told(data.message, data.from);
      navigator.locks
        .request(scope, { signal: abort.signal }, () => {
          if (left) {
            return undefined;
          }
          tab.lead();
          return new Promise<void>((resolve) => (release = resolve));
        })
        .catch(() => {
          // It left before its turn came.
        });
      return {
        tabId,
        tell: (message) => !left && channel.postMessage({ message, from: tabId }),
        leave: () => {
          left = true;
          abort.abort();
          release();
          channel.close();
        },
      };
    },
  });
}
