import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Frame } from "./frame.js";
import { SignOutDialog } from "./dialogs.js";
import type { Session } from "./session.js";
import { useStore } from "./store.js";
import { texts } from "./texts.js";
import { useAddress, WayContext } from "./way.js";

/** The page of somebody who is signed in. */
export function Chat({ session, onSignedOut }: { session: Session; onSignedOut: (said: string | null) => void }): ComponentChildren {
  const { client } = session;
  const way = useAddress();
  const connection = useStore(client.connection);
  const unread = useStore(client.unread);
  const [leaving, setLeaving] = useState<number | null>(null);
  const stopped = useRef(false);

  useEffect(() => {
    document.title = unread.messages > 0 ? `(${unread.messages}) ${texts.name}` : texts.name;
  }, [unread.messages]);

  // The server ended it: nothing of this user stays here.
  useEffect(() => {
    if (connection.status !== "stopped" || stopped.current) {
      return;
    }
    stopped.current = true;
    const reason = connection.stopReason;
    if (reason === "origin" || reason === "token") {
      client.close();
      onSignedOut(reason === "origin" ? texts.signIn.originRefused : texts.signIn.tokenRefused);
    } else {
      void client.signOut({ force: true }).finally(() => onSignedOut(reason === "revoked" ? texts.signIn.revoked : texts.signIn.signedOut));
    }
  }, [connection.status]);

  useEffect(() => () => session.push?.stop(), [session]);

  const signOut = async (force: boolean) => {
    const result = await client.signOut({ force });
    if (result.signedOut) {
      stopped.current = true;
      onSignedOut(null);
    } else {
      setLeaving(result.waitingMessages);
    }
  };

  return (
    <WayContext.Provider value={way}>
      <Frame session={session} onSignOut={() => void signOut(false)} />
      {leaving !== null && <SignOutDialog waiting={leaving} onStay={() => setLeaving(null)} onLeave={() => void signOut(true)} />}
    </WayContext.Provider>
  );
}
