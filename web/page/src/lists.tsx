import type { Conversation, Message } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { briefly } from "./dates.js";
import { Dialog } from "./dialog.js";
import { isHidden, messageText } from "./message.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";

interface EntryProps {
  session: Session;
  message: Message;
  hidden: boolean;
  /** what stands above the message */
  above: string;
  at: number;
  badge?: string | null;
  onOpen: () => void;
}

function Entry({ session, message, hidden, above, at, badge = null, onOpen }: EntryProps): ComponentChildren {
  const names = useNames(session);
  const sender = names.of(message.senderId);
  const text = hidden ? texts.message.blocked : texts.message.said(sender, messageText(message));
  return (
    <li aria-label={badge === null ? text : `${text}, ${badge}`}>
      <button type="button" class="entry" onClick={onOpen}>
        <span class="line-top">
          <strong dir="auto">{above}</strong>
          <time dateTime={new Date(at).toISOString()}>{briefly(at, Date.now())}</time>
        </span>
        <span class="line-bottom">
          <span class="line-last" dir="auto">
            {above === sender && !hidden ? messageText(message) : text}
          </span>
          {badge !== null && <span class="badge">{badge}</span>}
        </span>
      </button>
    </li>
  );
}

interface PinsProps {
  session: Session;
  conversation: Conversation;
  blocked: readonly string[] | null;
  onClose: () => void;
  onOpen: (message: Message) => void;
}

/** The pinned messages of a conversation. */
export function PinnedMessages({ session, conversation, blocked, onClose, onOpen }: PinsProps): ComponentChildren {
  const [pins, setPins] = useState<readonly Message[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const names = useNames(session);
  useEffect(() => {
    let current = true;
    conversation.pins().then(
      (all) => current && setPins(all),
      (error: unknown) => current && setProblem(problemOf(error, session.client)),
    );
    return () => {
      current = false;
    };
  }, [conversation]);
  return (
    <Dialog title={texts.conversation.pins} onClose={onClose}>
      <div class="entries">
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {pins?.length === 0 && <p class="quiet">{texts.conversation.noPins}</p>}
        <ul class="list" aria-label={texts.conversation.pins}>
          {pins?.map((message) => (
            <Entry key={message.key} session={session} message={message} hidden={isHidden(message, blocked)} above={names.of(message.senderId)} at={message.timestamp} onOpen={() => onOpen(message)} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

/** The threads that the user follows. */
export function FollowedThreads({ session, onClose, onOpen }: { session: Session; onClose: () => void; onOpen: (root: Message) => void }): ComponentChildren {
  const { client } = session;
  const threads = useStore(client.threads);
  const blocked = useStore(client.blocked);
  const names = useNames(session);
  const summaryOf = (conversationId: string) => client.conversation(conversationId).summary.getSnapshot();
  return (
    <Dialog title={texts.thread.followed} onClose={onClose}>
      <div class="entries">
        {threads === null && <p class="slow">{texts.conversation.loading}</p>}
        {threads?.items.length === 0 && <p class="quiet">{texts.thread.noneFollowed}</p>}
        <ul class="list" aria-label={texts.thread.followed}>
          {threads?.items.map(({ conversationId, root, unreadCount, lastReplyAt }) => {
            const summary = summaryOf(conversationId);
            return (
              <Entry
                key={`${conversationId} ${root.messageId}`}
                session={session}
                message={root}
                hidden={summary?.type === "group" && isHidden(root, blocked)}
                above={summary === null ? "" : names.ofConversation(summary)}
                at={lastReplyAt}
                badge={unreadCount > 0 ? texts.thread.newReplies(unreadCount) : null}
                onOpen={() => onOpen(root)}
              />
            );
          })}
        </ul>
        {threads?.hasMore && <p class="quiet">{texts.thread.onlyLatest}</p>}
      </div>
    </Dialog>
  );
}
