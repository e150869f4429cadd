import { engineOf, type MilenaClient } from "../core/client.js";
import type { Engine } from "../core/engine.js";
import { setBadge } from "./badge.js";
import { shownIn, type Shown } from "./words.js";

const GATHER_MS = 300;

/** Closes the notifications of what was read, here or elsewhere, and keeps the badge of the application right. */
export function tidyNotifications(client: MilenaClient, registration: ServiceWorkerRegistration): { later(): void; stop(): void } {
  const engine = engineOf(client);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const tidy = async () => {
    timer = null;
    if (!client.connection.getSnapshot().upToDate) {
      return;
    }
    setBadge(client.unread.getSnapshot().messages);
    for (const notification of await registration.getNotifications()) {
      const shown = shownIn(notification.data);
      if (shown && (shown.userId !== engine.me || isRead(engine, shown))) {
        notification.close();
      }
    }
  };
  const later = () => {
    timer ??= setTimeout(() => void tidy().catch(() => {}), GATHER_MS);
  };
  const ends = [client.unread.subscribe(later), client.connection.subscribe(later)];
  const forget = async () => {
    setBadge(0);
    (await registration.getNotifications()).filter(({ data }) => shownIn(data)).forEach((notification) => notification.close());
  };
  engine.forgotten.add(forget);
  later();
  return {
    later,
    stop: () => {
      clearTimeout(timer ?? undefined);
      ends.forEach((end) => end());
      engine.forgotten.delete(forget);
    },
  };
}

/** Whether this user has read it. A reply in a thread is not read by a look at the conversation. */
function isRead(engine: Engine, { conversationId, sequenceNumber, threadOf }: Shown): boolean {
  const room = engine.room(conversationId);
  const isAllRead = room.line !== null && room.line.unread === 0 && threadOf === undefined;
  return room.read >= sequenceNumber || (isAllRead && room.sequence.upTo >= sequenceNumber);
}
