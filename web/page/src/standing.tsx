import type { Message, Warning } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentOf } from "./dates.js";
import { Close } from "./icons.js";
import { messageText } from "./message.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";
import { useWay } from "./way.js";

const words = texts.standing;

/** Why and until when this user may not write in a conversation; null if nothing forbids it. */
export function useBan(session: Session, conversationId: string): string | null {
  const { bans } = useStore(session.client.standing);
  const ban = bans.find((each) => each.conversationId === undefined) ?? bans.find((each) => each.conversationId === conversationId);
  if (ban === undefined) {
    return null;
  }
  const { reason, until } = ban;
  return [
    ban.conversationId === undefined ? words.banned : words.bannedHere,
    reason === undefined ? "" : `${words.reason(reason)}.`,
    until === undefined ? "" : words.until(momentOf(until)),
    words.read,
  ].filter((part) => part !== "").join(" ");
}

/** The warnings that this user has not dismissed. */
export function Warnings({ session, single }: { session: Session; single: boolean }): ComponentChildren {
  const { warnings } = useStore(session.client.standing);
  return warnings.length === 0 ? null : (
    <section class="notices" aria-label={words.warnings}>
      {warnings.map((warning) => (
        <Notice key={`${warning.messageId} ${warning.timestamp}`} session={session} warning={warning} single={single} />
      ))}
    </section>
  );
}

function Notice({ session, warning, single }: { session: Session; warning: Warning; single: boolean }): ComponentChildren {
  const { client } = session;
  const way = useWay();
  const names = useNames(session);
  const conversation = client.conversation(warning.conversationId);
  const summary = useStore(conversation.summary);
  const [message, setMessage] = useState<Message | null>(null);
  // One that is too old is found in the conversation alone.
  useEffect(() => void conversation.fetchMessage(warning.messageId).then(setMessage, () => undefined), [warning.messageId]);
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{summary === null ? words.warningUnknown : words.warning(names.ofConversation(summary))}</strong>
      </p>
      {warning.text !== undefined && <p dir="auto">{warning.text}</p>}
      {message !== null && (
        <blockquote class="quoted" dir="auto">
          {messageText(message)}
        </blockquote>
      )}
      {!single && way.current !== warning.conversationId && (
        <button type="button" class="link" onClick={() => way.open(warning.conversationId)}>
          {words.show}
        </button>
      )}
      <button type="button" class="icon small" aria-label={texts.dismiss} onClick={() => client.dismiss(warning)}>
        <Close />
      </button>
    </div>
  );
}
