import type { Conversation, Message, ReportReason } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "./dialog.js";
import { messageText } from "./message.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { useNames } from "./store.js";
import { texts } from "./texts.js";

interface Props {
  session: Session;
  conversation: Conversation;
  message: Message;
  /** whether its sender is blocked, or cannot be */
  blocked: boolean;
  onBlock: () => void;
  onClose: () => void;
}

const words = texts.report;
const REASONS = Object.keys(words.reasons) as ReportReason[];
const TEXT_MAX = 1_000;

/** Reports a message to the moderators, and says that it was done. */
export function ReportDialog({ session, conversation, message, blocked, onBlock, onClose }: Props): ComponentChildren {
  const [reason, setReason] = useState<ReportReason>("spam");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const sender = useNames(session).of(message.senderId);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (done !== null) {
      close.current!.focus();
    }
  }, [done]);

  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { duplicate } = await conversation.report(message.messageId, reason, text.trim() || undefined);
      setDone(duplicate ? words.again : words.done);
    } catch (error) {
      setProblem(problemOf(error, session.client));
    }
    setBusy(false);
  };

  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <blockquote class="quoted" dir="auto">
          {texts.message.said(sender, messageText(message))}
        </blockquote>
        {done === null ? (
          <>
            <fieldset class="settings">
              <legend>{words.reason}</legend>
              {REASONS.map((each) => (
                <label key={each} class="check">
                  <input type="radio" name="reason" value={each} checked={reason === each} autofocus={each === reason} onChange={() => setReason(each)} />
                  <span>{words.reasons[each]}</span>
                </label>
              ))}
            </fieldset>
            <label class="field">
              <span>{words.text}</span>
              <textarea rows={3} maxLength={TEXT_MAX} value={text} dir="auto" onInput={(event) => setText(event.currentTarget.value)} />
              <small>{words.textHint}</small>
            </label>
          </>
        ) : (
          <p role="status">{done}</p>
        )}
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-buttons">
          {done === null ? (
            <>
              <button type="button" class="plain" onClick={onClose}>
                {words.cancel}
              </button>
              <button type="submit" class="primary" disabled={busy}>
                {words.send}
              </button>
            </>
          ) : (
            <>
              {!blocked && (
                <button
                  type="button"
                  class="plain"
                  onClick={() => {
                    onBlock();
                    onClose();
                  }}
                >
                  {words.block(sender)}
                </button>
              )}
              <button type="button" class="primary" ref={close} onClick={onClose}>
                {words.close}
              </button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}
