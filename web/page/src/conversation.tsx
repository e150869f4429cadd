import type { Conversation, ConversationSummary, Message, TimelineItem } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { briefly, dayName } from "./dates.js";
import { Details } from "./details.js";
import { LEVEL } from "./facts.js";
import { Back, Bubble, Down, Info } from "./icons.js";
import { Log } from "./log.js";
import { ALL } from "./mentions.js";
import { ChangeRow, type MessageProps, MessageRow } from "./message.js";
import type { Names } from "./names.js";
import type { Row } from "./rows.js";
import { countAfter, firstUnread, quotedIn, Rows } from "./rows.js";
import type { Session } from "./session.js";
import { Connection } from "./sidebar.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";
import { ThreadView } from "./thread.js";
import { useWay } from "./way.js";

interface Props {
  session: Session;
  conversation: Conversation;
  /** whether it is the only one that is shown */
  single: boolean;
  run: (work: Promise<unknown>) => void;
  report: (problem: string) => void;
}

/** One conversation that is open. */
export function ConversationView({ session, conversation, single, run, report }: Props): ComponentChildren {
  const summary = useStore(conversation.summary);
  const names = useNames(session);
  useStore(session.client.connection);
  const [details, setDetails] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [threadOf, setThreadOf] = useState<string | null>(null);
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
  const { level } = session.facts;
  const row = {
    changeable: level >= LEVEL.changes,
    reactive: level >= LEVEL.reactions,
    pins: level >= LEVEL.reactions && (summary?.type === "direct" || summary?.role === "admin"),
    admin: summary?.type === "group" && summary.role === "admin",
    run,
  };
  return (
    <section class={root === null ? "conversation" : "conversation with-thread"}>
      <div class="conversation-main">
      <Head session={session} summary={summary} single={single} onDetails={() => setDetails(true)} />
      {summary !== null && !summary.accepted && (
        <div class="strip">
          <span>{texts.conversation.join}</span>
          <button type="button" class="link" onClick={() => run(conversation.accept())}>
            {texts.conversation.accept}
          </button>
        </div>
      )}
      <Messages session={session} conversation={conversation} summary={summary} log={log} row={row} onEdit={edit} onReply={reply} onThread={level >= LEVEL.threads ? (message) => setThreadOf(message.messageId) : null} />
      <Typing conversation={conversation} names={names} />
      {summary?.left ? (
        <p class="strip">{texts.conversation.left}</p>
      ) : readOnly ? (
        <p class="strip">{texts.conversation.readOnly}</p>
      ) : (
        <Composer
          conversation={conversation}
          charactersMax={session.facts.charactersMax}
          focuses={!single}
          keepsDrafts={session.facts.level >= LEVEL.personal}
          editing={editing}
          replyTo={replyTo}
          names={names}
          people={people}
          onDone={() => {
            setEditing(null);
            setReplyTo(null);
          }}
          onSent={() => {
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
        <ThreadView key={root.messageId} session={session} conversation={conversation} root={root} row={row} people={people} report={report} onClose={() => setThreadOf(null)} />
      )}
      {details && summary !== null && <Details session={session} conversation={conversation} summary={summary} onClose={() => setDetails(false)} />}
    </section>
  );
}

/** The message that a thread began with, as it is now; as it was last where it is no longer in memory. */
function useRoot(items: readonly TimelineItem[], messageId: string | null): Message | null {
  const last = useRef<Message | null>(null);
  const found = messageId === null ? undefined : items.findLast((item): item is Message => item.kind === "message" && item.messageId === messageId);
  last.current = messageId === null ? null : (found ?? last.current);
  return last.current;
}

function Head({ session, summary, single, onDetails }: { session: Session; summary: ConversationSummary | null; single: boolean; onDetails: () => void }): ComponentChildren {
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

interface MessagesProps {
  session: Session;
  conversation: Conversation;
  summary: ConversationSummary | null;
  log: { current: Log | null };
  onEdit: (message: Message) => void;
  row: Pick<MessageProps, "changeable" | "reactive" | "pins" | "admin" | "run">;
  onReply: (message: Message) => void;
  onThread: ((message: Message) => void) | null;
}

function Messages({ session, conversation, summary, log, row: common, onEdit, onReply, onThread }: MessagesProps): ComponentChildren {
  const timeline = useStore(conversation.messages);
  const names = useNames(session);
  const [atEnd, setAtEnd] = useState(true);
  const opened = useRef<{ newBefore: string | null } | null>(null);
  /** the newest number that was seen at the end */
  const seen = useRef(0);

  const last = lastNumber(timeline.items);
  // Once, when the conversation is opened: where what is new begins.
  if (opened.current === null && timeline.loaded && summary !== null && (last >= summary.lastSequence || timeline.loading === null)) {
    opened.current = { newBefore: firstUnread(timeline.items, summary.unreadCount) };
  }
  // A user who writes has seen the new messages.
  const newest = timeline.items.at(-1);
  if (newest?.kind === "message" && newest.state === "SENDING") {
    opened.current = { newBefore: null };
  }
  const newBefore = opened.current?.newBefore ?? null;
  const rows = useRef<Rows | null>(null);

  useRead(conversation, atEnd && !timeline.hasNewer, last);
  if (atEnd) {
    seen.current = last;
  }
  const missed = atEnd ? 0 : countAfter(timeline.items, seen.current);

  const { level } = session.facts;
  const showQuoted = ({ replyTo }: Message) => {
    const { messageId, sequenceNumber } = replyTo!;
    const number = quotedIn(timeline.items, replyTo!)?.sequenceNumber ?? sequenceNumber;
    if (number !== null) {
      void conversation.loadAround(number).then(() => log.current?.toRow(`item:${messageId}`));
    }
  };

  const draw = (row: Row): ComponentChildren => {
    switch (row.kind) {
      case "start":
        return <Start hasOlder={timeline.hasOlder} failed={timeline.error !== null} onRetry={() => void conversation.loadOlder()} />;
      case "day":
        return (
          <div class="day">
            <span>{dayName(row.at, Date.now())}</span>
          </div>
        );
      case "new":
        return (
          <div class="new-line" role="separator" aria-label={texts.conversation.newMessages}>
            <span>{texts.conversation.newMessages}</span>
          </div>
        );
      case "message":
        return (
          <MessageRow
            message={row.message}
            first={row.first}
            last={row.last}
            group={summary?.type === "group"}
            names={names}
            conversation={conversation}
            {...common}
            quotable={level >= LEVEL.quotes}
            quoted={row.message.replyTo ? quotedIn(timeline.items, row.message.replyTo) : null}
            onReply={onReply}
            onThread={onThread}
            onQuoted={showQuoted}
            onEdit={onEdit}
          />
        );
      case "change":
        return <ChangeRow change={row.change} names={names} />;
    }
  };

  if (!timeline.loaded) {
    return (
      <div class="empty" aria-busy={timeline.error === null}>
        {timeline.error === null ? (
          <p class="slow">{texts.conversation.loading}</p>
        ) : timeline.error.code === "CONVERSATION_NOT_FOUND" || timeline.error.code === "FORBIDDEN" ? (
          <p>{texts.conversation.unknown}</p>
        ) : (
          <>
            <p>{texts.conversation.loadFailed}</p>
            <button type="button" class="primary" onClick={() => void conversation.loadLatest()}>
              {texts.conversation.retry}
            </button>
          </>
        )}
      </div>
    );
  }
  const spoken = timeline.items.some((item) => item.kind === "message");
  return (
    <div class="log-frame">
      <Log
        handle={log}
        label={texts.conversation.messages}
        rows={(rows.current ??= new Rows()).of(timeline.items, newBefore)}
        draw={draw}
        startAt={newBefore === null ? null : "new"}
        reachesEnd={!timeline.hasNewer}
        onNearStart={() => timeline.hasOlder && timeline.loading === null && timeline.error === null && void conversation.loadOlder()}
        onNearEnd={() => timeline.hasNewer && timeline.loading === null && void conversation.loadNewer()}
        onEnd={setAtEnd}
      />
      {!spoken && !timeline.hasOlder && (
        <div class="empty empty-over">
          <Bubble />
          <h2>{texts.conversation.empty}</h2>
          <p>{texts.conversation.emptyHint}</p>
        </div>
      )}
      {!atEnd && (
        <button
          type="button"
          class="jump"
          onClick={() => {
            if (timeline.hasNewer) {
              void conversation.loadLatest();
            }
            log.current?.toEnd();
          }}
        >
          <Down />
          {missed > 0 ? texts.conversation.jumpNew(missed) : texts.conversation.jump}
        </button>
      )}
    </div>
  );
}

function lastNumber(items: readonly { sequenceNumber: number | null }[]): number {
  for (let i = items.length - 1; i >= 0; i--) {
    const number = items[i]!.sequenceNumber;
    if (number !== null) {
      return number;
    }
  }
  return 0;
}

/** Has read what is in sight while somebody can look at it. */
function useRead(conversation: Conversation, inSight: boolean, last: number): void {
  useEffect(() => {
    const mark = () => {
      if (inSight && last > 0 && document.visibilityState === "visible") {
        conversation.markRead(last);
      }
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [conversation, inSight, last]);
}

function Start({ hasOlder, failed, onRetry }: { hasOlder: boolean; failed: boolean; onRetry: () => void }): ComponentChildren {
  if (hasOlder && failed) {
    return (
      <div class="change">
        {texts.conversation.loadFailed}{" "}
        <button type="button" class="link" onClick={onRetry}>
          {texts.conversation.retry}
        </button>
      </div>
    );
  }
  return <div class="change">{hasOlder ? texts.conversation.loadingOlder : texts.conversation.beginning}</div>;
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
