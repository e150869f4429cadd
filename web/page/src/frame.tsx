import type { Message } from "@milena/sdk";
import { isModerator } from "@milena/sdk/moderation";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ConversationView } from "./conversation.js";
import { NewConversation, OwnProfile } from "./dialogs.js";
import { Bubble, Close } from "./icons.js";
import { FollowedThreads } from "./lists.js";
import { isHidden } from "./message.js";
import { Notifications } from "./notifications.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { Warnings } from "./standing.js";
import { useStore } from "./store.js";
import { texts } from "./texts.js";
import { useWay } from "./way.js";

interface Props {
  session: Session;
  /** whether one conversation is all there is */
  single?: boolean;
  /** left out where the website around it signs people in and out */
  onSignOut?: () => void;
}

/** The list of conversations, and the one that is open. */
export function Frame({ session, single = false, onSignOut }: Props): ComponentChildren {
  const { client } = session;
  const way = useWay();
  const route = way.current;
  const [creating, setCreating] = useState(false);
  const [showing, setShowing] = useState(false);
  const [inThreads, setInThreads] = useState(false);
  const [inNotifications, setInNotifications] = useState(false);
  const [thread, setThread] = useState<Message | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const moderates = useModerates(session);
  const inReports = way.inReports && moderates;

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

  return (
    <div class={`chat${route === null && !inReports ? "" : " chat-open"}${single ? " chat-single" : ""}`}>
      {!single && <Sidebar session={session} selected={route} onCreate={() => setCreating(true)} onProfile={() => setShowing(true)} onThreads={() => setInThreads(true)} onNotifications={() => setInNotifications(true)} onReports={moderates ? way.openReports : null} onSignOut={onSignOut} />}
      <main class="pane">
        {inReports ? (
          <Later session={session} report={setProblem} />
        ) : route === null ? (
          <div class="empty">
            <Bubble />
            <h2>{texts.conversation.none}</h2>
            <p>{texts.conversation.noneHint}</p>
            <button type="button" class="primary" onClick={() => setCreating(true)}>
              {texts.create.title}
            </button>
          </div>
        ) : (
          <ConversationView key={route} session={session} conversation={client.conversation(route)} single={single} thread={thread?.conversationId === route ? thread : null} run={run} report={setProblem} />
        )}
      </main>
      {creating && (
        <NewConversation
          session={session}
          onClose={() => setCreating(false)}
          onStarted={(conversationId) => {
            setCreating(false);
            way.open(conversationId);
          }}
        />
      )}
      {inThreads && (
        <FollowedThreads
          session={session}
          onClose={() => setInThreads(false)}
          onOpen={(root) => {
            setInThreads(false);
            // Another object each time: the same thread may be opened again.
            setThread({ ...root });
            way.open(root.conversationId);
          }}
        />
      )}
      {inNotifications && <Notifications session={session} onClose={() => setInNotifications(false)} />}
      {showing && <OwnProfile session={session} onClose={() => setShowing(false)} />}
      {problem !== null && (
        <div class="toast" role="alert">
          <span>{problem}</span>
          <button type="button" class="icon small" aria-label={texts.dismiss} onClick={() => setProblem(null)}>
            <Close />
          </button>
        </div>
      )}
      <Warnings session={session} single={single} />
      <Announcer session={session} route={route} />
    </div>
  );
}

/** Whether this user moderates, as the server says. */
function useModerates({ client }: Session): boolean {
  const [moderates, setModerates] = useState(false);
  const { status } = useStore(client.connection);
  const asked = useRef(false);
  useEffect(() => {
    if (status === "online" && !asked.current) {
      asked.current = true;
      isModerator(client).then(setModerates, () => {
        asked.current = false;
      });
    }
  }, [client, status]);
  return moderates;
}

/** What few people need, loaded once it is looked at. */
function Later({ session, report }: { session: Session; report: (problem: string) => void }): ComponentChildren {
  const [Loaded, setLoaded] = useState<ComponentType<{ session: Session }> | null>(null);
  useEffect(() => {
    import("./reports.js").then(
      ({ Reports }) => setLoaded(() => Reports),
      (error: unknown) => report(problemOf(error, session.client)),
    );
  }, []);
  return Loaded && <Loaded session={session} />;
}

/** Says new messages of the open conversation to screen readers; the list itself does not, since scrolling changes it. */
function Announcer({ session, route }: { session: Session; route: string | null }): ComponentChildren {
  const [said, setSaid] = useState("");
  useEffect(
    () =>
      session.client.onItem((item, conversation) => {
        if (item.kind === "message" && !item.mine && !item.held && conversation.id === route) {
          const summary = conversation.summary.getSnapshot();
          const group = summary?.otherUserId === null;
          const hidden = group && isHidden(item, session.client.blocked.getSnapshot());
          setSaid(`${group ? `${session.names.ofConversation(summary)}: ` : ""}${hidden ? texts.message.blocked : (item.content?.text ?? "")}`);
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
