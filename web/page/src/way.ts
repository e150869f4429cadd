import { createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";

/** Which conversation is open, and how another one is. */
export interface Way {
  /** null for none */
  readonly current: string | null;
  /** whether the reports are open, in the place of a conversation */
  readonly inReports: boolean;
  /** where a conversation is found by a link */
  addressOf(conversationId: string): string;
  open(conversationId: string | null): void;
  openReports(): void;
}

const pattern = /^#\/c\/([A-Za-z0-9_.-]{1,64})$/;

const REPORTS = "#/reports";

export function addressOf(conversationId: string): string {
  return `#/c/${conversationId}`;
}

function openByAddress(conversationId: string | null): void {
  location.hash = conversationId === null ? "#/" : addressOf(conversationId);
}

function openReports(): void {
  location.hash = REPORTS;
}

/** What the page's address names. */
export function useAddress(): Way {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return useMemo(() => ({ current: pattern.exec(hash)?.[1] ?? null, inReports: hash === REPORTS, addressOf, open: openByAddress, openReports }), [hash]);
}

export const WayContext = createContext<Way>({ current: null, inReports: false, addressOf, open: openByAddress, openReports });

export function useWay(): Way {
  return useContext(WayContext);
}
