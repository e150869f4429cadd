import type { Conversation, Message, Thread } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Composer } from "./composer.js";
import { Close } from "./icons.js";
import type { Mentionable } from "./mentions.js";
import { type CommonProps, MessageRow, type MessageProps } from "./message.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";

interface Props {
  session: Session;
  conversation: Conversation;
  root: Message;
  /** what its messages have in common with those of the conversation */
  row: CommonProps;
  people: () => readonly Mentionable[];
  /** why nothing can be written here; null where it can */
  closed: string | null;
  /** when slow mode lets this user write again; null: now */
  mayWriteAt: number | null;
  report: (problem: string) => void;
  onClose: () => void;
}

/** The thread of a message, beside the conversation. */
export function ThreadView(props: Props): ComponentChildren {
  const { conversation, root, onClose, row } = props;
  const [thread, setThread] = useState<Thread | null>(null);
  useEffect(() => {
    let current = true;
    row.run(conversation.thread(root.messageId, root.sequenceNumber ?? undefined).then((opened) => current && setThread(opened)));
    return () => {
      current = false;
    };
  }, [conversation, root.messageId]);
  return (
    <aside class="thread" aria-label={texts.thread.title} onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && onClose()}>
      <header class="head">
        <h2 class="head-text">{texts.thread.title}</h2>
        {thread && <Follow thread={thread} run={row.run} />}
        <button type="button" class="icon" aria-label={texts.thread.close} onClick={onClose}>
          <Close />
        </button>
      </header>
      {thread && <Replies key={root.messageId} {...props} thread={thread} />}
    </aside>
  );
}

function Follow({ thread, run }: { thread: Thread; run: (work: Promise<unknown>) => void }): ComponentChildren {
  const { followed } = useStore(thread.messages);
  return followed === null ? null : (
    <button type="button" class="plain" aria-pressed={followed} onClick={() => run(thread.follow(!followed))}>
      {followed ? texts.thread.unfollow : texts.thread.follow}
    </button>
  );
}

function Replies({ session, conversation, thread, root, row, people, closed, mayWriteAt, report }: Props & { thread: Thread }): ComponentChildren {
  const names = useNames(session);
  const { items, hasOlder, loaded, error } = useStore(thread.messages);
  const [editing, setEditing] = useState<Message | null>(null);
  const [also, setAlso] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  useLayoutEffect(() => {
    if (atEnd.current) {
      list.current!.scrollTop = list.current!.scrollHeight;
    }
  }, [items]);

  useEffect(() => thread.markRead(), [thread, items]);

  const shown: MessageProps = {
    ...row, names, conversation, message: root, first: true, last: true, group: true, quotable: false, quoted: null,
    onReply: () => {}, onQuoted: () => {}, onThread: null, onEdit: setEditing,
  };
  return (
    <>
      <div
        class="thread-list"
        role="log"
        aria-label={texts.thread.replies}
        tabIndex={0}
        ref={list}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        <MessageRow {...shown} />
        <div class="new-line thread-count">
          <span>{items.length > 0 ? texts.thread.open(root.thread?.replyCount ?? items.length) : loaded ? texts.thread.none : texts.conversation.loading}</span>
        </div>
        {error !== null && (
          <button type="button" class="link" onClick={() => void thread.loadOlder()}>
            {texts.conversation.loadFailed}
          </button>
        )}
        {hasOlder && (
          <button type="button" class="link" onClick={() => void thread.loadOlder()}>
            {texts.thread.older}
          </button>
        )}
        {items.map((message) => (
          <MessageRow key={message.key} {...shown} message={message} />
        ))}
      </div>
      <div role="status">{closed !== null && <p class="strip">{closed}</p>}</div>
      {closed === null && <>
      <label class="check thread-also">
        <input type="checkbox" checked={also} onChange={(event) => setAlso(event.currentTarget.checked)} />
        <span>{texts.thread.also}</span>
      </label>
      <Composer
        conversation={conversation}
        thread={{ send: (content, options) => thread.send(content, also ? { ...options, showInConversation: true } : options) }}
        charactersMax={session.facts.charactersMax}
        focuses
        keepsDrafts={false}
        mayWriteAt={mayWriteAt}
        editing={editing}
        replyTo={null}
        names={names}
        people={people}
        onDone={() => setEditing(null)}
        onSent={() => {
          atEnd.current = true;
          setAlso(false);
        }}
        report={report}
        run={row.run}
      />
      </>}
    </>
  );
}
