import { useEffect, useState } from "preact/hooks";

const pattern = /^#\/c\/([A-Za-z0-9_.-]{1,64})$/;

function current(): string | null {
  return pattern.exec(location.hash)?.[1] ?? null;
}

/** The conversation that the address names; null for none. */
export function useRoute(): string | null {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const changed = () => setRoute(current());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

export function addressOf(conversationId: string): string {
  return `#/c/${conversationId}`;
}

export function open(conversationId: string | null): void {
  location.hash = conversationId === null ? "#/" : addressOf(conversationId);
}
