import type { Conversation, ConversationSummary, Message, TimelineItem } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { briefly } from "./dates.js";
import { Details } from "./details.js";
import { LEVEL } from "./facts.js";
import { Back, Info, Pin } from "./icons.js";
import { PinnedMessages } from "./lists.js";
import type { Log } from "./log.js";
import { ALL } from "./mentions.js";
import { Messages } from "./messages.js";
import type { Names } from "./names.js";
import { AskForPush } from "./notifications.js";
import { ReportDialog } from "./report.js";
import type { Session } from "./session.js";
import { Connection } from "./sidebar.js";
import { useBan } from "./standing.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";
import { ThreadView } from "./thread.js";
import { useWay } from "./way.js";

interface Props {
  session: Session;
  conversation: Conversation;
  /** whether it is the only one that is shown */
  single: boolean;
  /** the first message of a thread that is to be open */
  thread: Message | null;
  run: (work: Promise<unknown>) => void;
  report: (problem: string) => void;
}

/** One conversation that is open. */
export function ConversationView({ session, conversation, single, thread, run, report }: Props): ComponentChildren {
  const summary = useStore(conversation.summary);
  const names = useNames(session);
  useStore(session.client.connection);
  const [details, setDetails] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [pins, setPins] = useState(false);
  const [reported, setReported] = useState<Message | null>(null);
  const [threadOf, setThreadOf] = useState<Message | null>(thread);
  useEffect(() => {
    if (thread !== null) {
      setThreadOf(thread);
    }
  }, [thread]);
  const blockedAll = useStore(session.client.blocked);
  const timeline = useStore(conversation.messages);
  const root = useRoot(timeline.items, threadOf);
  const log = useRef<Log>(null);

  const edit = (message: Message) => {
    setReplyTo(null);
    setEditing(message);
  };
  const reply = (message: Message) => {
    setEditing(null);
    setReplyTo(message);
  };

  const people = () => {
    if (summary === null || session.facts.level < LEVEL.mentions) {
      return [];
    }
    const others = summary.participants.filter(({ userId }) => userId !== session.me.userId).map(({ userId }) => ({ id: userId, name: names.of(userId) }));
    const mayAll = summary.type === "group" && (!summary.settings?.onlyAdminsMentionAll || summary.role === "admin");
    return mayAll ? [...others, { id: ALL, name: ALL }] : others;
  };

  const readOnly = summary?.settings?.onlyAdminsCanPost === true && summary.role === "member";
  const ban = useBan(session, conversation.id);
  const closed = summary?.left ? texts.conversation.left : readOnly ? texts.conversation.readOnly : ban;
  const { level } = session.facts;
  const row = {
    changeable: level >= LEVEL.changes,
    reactive: level >= LEVEL.reactions,
    pins: level >= LEVEL.reactions && (summary?.type === "direct" || summary?.role === "admin"),
    admin: summary?.type === "group" && summary.role === "admin",
    blocked: summary?.type === "group" ? blockedAll : null,
    blockList: level >= LEVEL.blocks ? blockedAll : null,
    onBlock: ({ senderId }: Message, blocked: boolean) => run(session.client.setBlocked(senderId, blocked)),
    onReport: level >= LEVEL.reports ? setReported : null,
    run,
  };
  const showPinned = (message: Message) => {
    setPins(false);
    void conversation.loadAround(message.sequenceNumber!).then(() => log.current?.toRow(`item:${message.key}`));
  };
  return (
    <section class={root === null ? "conversation" : "conversation with-thread"}>
      <div class="conversation-main">
      <Head session={session} summary={summary} single={single} onPins={level >= LEVEL.pinList ? () => setPins(true) : null} onDetails={() => setDetails(true)} />
      {summary !== null && !summary.accepted && (
        <div class="strip">
          <span>{texts.conversation.join}</span>
          <button type="button" class="link" onClick={() => run(conversation.accept())}>
            {texts.conversation.accept}
          </button>
        </div>
      )}
      {session.push && <AskForPush push={session.push} report={report} />}
      <Messages session={session} conversation={conversation} summary={summary} log={log} row={row} onEdit={edit} onReply={reply} onThread={level >= LEVEL.threads ? setThreadOf : null} />
      <Typing conversation={conversation} names={names} />
      <div role="status">{closed !== null && <p class="strip">{closed}</p>}</div>
      {closed === null && (
        <Composer
          conversation={conversation}
          charactersMax={session.facts.charactersMax}
          focuses={!single}
          keepsDrafts={session.facts.level >= LEVEL.personal}
          mayWriteAt={summary?.mayWriteAt ?? null}
          editing={editing}
          replyTo={replyTo}
          names={names}
          people={people}
          onDone={() => {
            setEditing(null);
            setReplyTo(null);
          }}
          onSent={() => {
            session.push?.sent();
            if (conversation.messages.getSnapshot().hasNewer) {
              void conversation.loadLatest();
            }
            log.current?.toEnd();
          }}
          report={report}
          run={run}
        />
      )}
      </div>
      {root !== null && (
        <ThreadView key={root.messageId} session={session} conversation={conversation} root={root} row={row} people={people} closed={closed} mayWriteAt={summary?.mayWriteAt ?? null} report={report} onClose={() => setThreadOf(null)} />
      )}
      {reported && <ReportDialog session={session} conversation={conversation} message={reported} blocked={row.blockList?.includes(reported.senderId) ?? true} onBlock={() => row.onBlock(reported, true)} onClose={() => setReported(null)} />}
      {pins && <PinnedMessages session={session} conversation={conversation} blocked={row.blocked} onClose={() => setPins(false)} onOpen={showPinned} />}
      {details && summary !== null && <Details session={session} conversation={conversation} summary={summary} onClose={() => setDetails(false)} />}
    </section>
  );
}

/** The message that a thread began with, as it is now; as it was last where it is not in memory. */
function useRoot(items: readonly TimelineItem[], root: Message | null): Message | null {
  const last = useRef(root);
  const found = root === null ? undefined : items.findLast((item): item is Message => item.kind === "message" && item.messageId === root.messageId);
  last.current = root === null ? null : (found ?? (last.current?.messageId === root.messageId ? last.current : root));
  return last.current;
}

interface HeadProps {
  session: Session;
  summary: ConversationSummary | null;
  single: boolean;
  /** null where the server has no list of pins */
  onPins: (() => void) | null;
  onDetails: () => void;
}

function Head({ session, summary, single, onPins, onDetails }: HeadProps): ComponentChildren {
  const way = useWay();
  const names = useNames(session);
  const name = summary === null ? "…" : names.ofConversation(summary);
  return (
    <header class="head">
      {!single && (
        <button type="button" class="icon back" aria-label={texts.conversation.back} onClick={() => way.open(null)}>
          <Back />
        </button>
      )}
      {summary?.otherUserId ? (
        <OtherPerson session={session} userId={summary.otherUserId} name={name} />
      ) : (
        <>
          <Avatar id={summary?.conversationId ?? ""} name={name} size={38} />
          <div class="head-text">
            <h2 dir="auto">{name}</h2>
            {summary !== null && <span class="quiet">{texts.conversation.members(summary.memberCount)}</span>}
          </div>
        </>
      )}
      {single && <Connection session={session} />}
      {onPins && (
        <button type="button" class="icon" aria-label={texts.conversation.pins} title={texts.conversation.pins} onClick={onPins}>
          <Pin size={18} />
        </button>
      )}
      <button type="button" class="icon" aria-label={texts.conversation.details} title={texts.conversation.details} onClick={onDetails} disabled={summary === null}>
        <Info />
      </button>
    </header>
  );
}

function OtherPerson({ session, userId, name }: { session: Session; userId: string; name: string }): ComponentChildren {
  const presence = useStore(session.client.presence(userId));
  let words: string | null = null;
  if (presence !== null) {
    const seen = presence.lastSeen;
    words =
      presence.status === "offline" && seen !== null
        ? texts.presence.lastSeen(briefly(seen, Date.now()))
        : texts.presence[presence.status as "online" | "away" | "offline"];
  }
  return (
    <>
      <Avatar id={userId} name={name} size={38} presence={presence} />
      <div class="head-text">
        <h2 dir="auto">{name}</h2>
        {words !== null && <span class="quiet">{words}</span>}
      </div>
    </>
  );
}

function Typing({ conversation, names }: { conversation: Conversation; names: Names }): ComponentChildren {
  const typists = useStore(conversation.typists);
  const who = typists.map((userId) => names.of(userId));
  let words = "";
  if (who.length === 1) {
    words = texts.conversation.typingOne(who[0]!);
  } else if (who.length === 2) {
    words = texts.conversation.typingTwo(who[0]!, who[1]!);
  } else if (who.length > 2) {
    words = texts.conversation.typingMany;
  }
  return (
    <div class="typing" role="status" aria-label={texts.conversation.typing}>
      {words !== "" && (
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      {words}
    </div>
  );
}
