import { createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";

/** Which conversation is open, and how another one is. */
export interface Way {
  /** null for none */
  readonly current: string | null;
  /** where a conversation is found by a link */
  addressOf(conversationId: string): string;
  open(conversationId: string | null): void;
}

const pattern = /^#\/c\/([A-Za-z0-9_.-]{1,64})$/;

function named(): string | null {
  return pattern.exec(location.hash)?.[1] ?? null;
}

export function addressOf(conversationId: string): string {
  return `#/c/${conversationId}`;
}

function openByAddress(conversationId: string | null): void {
  location.hash = conversationId === null ? "#/" : addressOf(conversationId);
}

/** The conversation that the page's address names. */
export function useAddress(): Way {
  const [current, setCurrent] = useState(named);
  useEffect(() => {
    const changed = () => setCurrent(named());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return useMemo(() => ({ current, addressOf, open: openByAddress }), [current]);
}

export const WayContext = createContext<Way>({ current: null, addressOf, open: openByAddress });

export function useWay(): Way {
  return useContext(WayContext);
}
