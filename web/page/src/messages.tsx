import type { Conversation, ConversationSummary, Message } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayName } from "./dates.js";
import { LEVEL } from "./facts.js";
import { Bubble, Down } from "./icons.js";
import { Log } from "./log.js";
import { ChangeRow, type CommonProps, MessageRow } from "./message.js";
import type { Row } from "./rows.js";
import { countAfter, firstUnread, quotedIn, Rows } from "./rows.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";

interface MessagesProps {
  session: Session;
  conversation: Conversation;
  summary: ConversationSummary | null;
  log: { current: Log | null };
  onEdit: (message: Message) => void;
  row: CommonProps;
  onReply: (message: Message) => void;
  onThread: ((message: Message) => void) | null;
}

/** The messages of a conversation, and where what is new begins among them. */
export function Messages({ session, conversation, summary, log, row: common, onEdit, onReply, onThread }: MessagesProps): ComponentChildren {
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
      case "hidden":
        return (
          <article class="change" aria-label={texts.message.hidden}>
            {texts.message.hidden}
          </article>
        );
      case "change":
        return <ChangeRow change={row.change} renamed={row.renamed} names={names} />;
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
