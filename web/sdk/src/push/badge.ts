interface Badge {
  setAppBadge?: (count: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

/** Sets the badge of the application where the browser has one: in a page, and in a service worker. */
export function setBadge(count: number): void {
  const badge = globalThis.navigator as Badge;
  const done = count > 0 ? badge.setAppBadge?.(count) : badge.clearAppBadge?.();
  done?.catch(() => {});
}
