import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ConversationView } from "./conversation.js";
import { NewConversation, SignOutDialog } from "./dialogs.js";
import { Bubble, Close } from "./icons.js";
import { conversationName } from "./names.js";
import { problemOf } from "./problems.js";
import { open, useRoute } from "./route.js";
import type { Session } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { useStore } from "./store.js";
import { texts } from "./texts.js";

/** The chat of somebody who is signed in: the list of conversations, and the one that is open. */
export function Chat({ session, onSignedOut }: { session: Session; onSignedOut: (said: string | null) => void }): ComponentChildren {
  const { client } = session;
  const route = useRoute();
  const connection = useStore(client.connection);
  const unread = useStore(client.unread);
  const [creating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
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
      void client.signOut({ force: true }).finally(() => onSignedOut(texts.signIn.signedOut));
    }
  }, [connection.status]);

  // The browser knows at once that there is no network; a connection would notice by its silence alone.
  useEffect(() => {
    const gone = () => client.close();
    const back = () => client.connect();
    addEventListener("offline", gone);
    addEventListener("online", back);
    return () => {
      removeEventListener("offline", gone);
      removeEventListener("online", back);
    };
  }, [client]);

  const run = (work: Promise<unknown>) => {
    work.catch((error: unknown) => setProblem(problemOf(error, client)));
  };

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
    <div class={route === null ? "chat" : "chat chat-open"}>
      <Sidebar session={session} selected={route} onCreate={() => setCreating(true)} onSignOut={() => run(signOut(false))} />
      <main class="pane">
        {route === null ? (
          <div class="empty">
            <Bubble />
            <h2>{texts.conversation.none}</h2>
            <p>{texts.conversation.noneHint}</p>
            <button type="button" class="primary" onClick={() => setCreating(true)}>
              {texts.create.title}
            </button>
          </div>
        ) : (
          <ConversationView key={route} session={session} conversation={client.conversation(route)} run={run} report={setProblem} />
        )}
      </main>
      {creating && (
        <NewConversation
          session={session}
          onClose={() => setCreating(false)}
          onStarted={(conversationId) => {
            setCreating(false);
            open(conversationId);
          }}
        />
      )}
      {leaving !== null && <SignOutDialog waiting={leaving} onStay={() => setLeaving(null)} onLeave={() => run(signOut(true))} />}
      {problem !== null && (
        <div class="toast" role="alert">
          <span>{problem}</span>
          <button type="button" class="icon small" aria-label={texts.dismiss} onClick={() => setProblem(null)}>
            <Close />
          </button>
        </div>
      )}
      <Announcer session={session} route={route} />
    </div>
  );
}

/** Says new messages of the open conversation to screen readers; the list itself does not, since scrolling changes it. */
function Announcer({ session, route }: { session: Session; route: string | null }): ComponentChildren {
  const [said, setSaid] = useState("");
  useEffect(
    () =>
      session.client.onItem((item, conversation) => {
        if (item.kind === "message" && !item.mine && conversation.id === route) {
          const summary = conversation.summary.getSnapshot();
          const where = summary?.otherUserId === null ? `${conversationName(summary, session.me)}: ` : "";
          setSaid(`${where}${item.content?.text ?? ""}`);
        }
      }),
    [session, route],
  );
  return (
    <div class="hidden" aria-live="polite">
      {said}
    </div>
  );
}
