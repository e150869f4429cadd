import type { Conversation, Message, MessageContent, SendOptions } from "@milena/sdk";
import { MilenaError } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Close, Send } from "./icons.js";
import { leftText } from "./dates.js";
import { draftOf, keepDraft, noteDraft } from "./drafts.js";
import { useCompletion } from "./completion.js";
import { mentionsIn, type Mentionable } from "./mentions.js";
import { messageText } from "./message.js";
import type { Names } from "./names.js";
import { texts } from "./texts.js";

interface Props {
  conversation: Conversation;
  /** where it is not the conversation itself that is written to */
  thread?: { readonly send: (content: MessageContent, options: SendOptions) => void };
  charactersMax: number;
  /** whether the field takes the focus when the conversation is opened */
  focuses: boolean;
  /** whether the server keeps what is not sent yet */
  keepsDrafts: boolean;
  /** when slow mode lets this user write again; null: now */
  mayWriteAt: number | null;
  editing: Message | null;
  /** the message that is replied to */
  replyTo: Message | null;
  names: Names;
  /** whom one may mention here; nobody where the server knows no mentions */
  people: () => readonly Mentionable[];
  onDone: () => void;
  onSent: () => void;
  report: (problem: string) => void;
  run: (work: Promise<unknown>) => void;
}

/** A draft is kept for one's other devices after as long a pause. */
const DRAFT_MS = 3_000;

export function Composer({ conversation, thread, charactersMax, focuses, keepsDrafts, mayWriteAt, editing, replyTo, names, people, onDone, onSent, report, run }: Props): ComponentChildren {
  const [text, setText] = useState(() => (thread ? "" : draftOf(conversation)));
  const field = useRef<HTMLTextAreaElement>(null);
  const over = [...text].length - charactersMax;
  const left = useSecondsUntil(editing === null ? mayWriteAt : null);

  useEffect(() => {
    if (focuses && matchMedia("(pointer: fine)").matches) {
      field.current?.focus();
    }
    return () => conversation.stopTyping();
  }, [conversation]);

  useEffect(() => {
    if (editing !== null) {
      setText(editing.content?.text ?? "");
      field.current?.focus();
    }
  }, [editing]);

  // Also what is sent is no draft any longer.
  useEffect(() => {
    if (!keepsDrafts || thread || editing !== null) {
      return;
    }
    const keep = () => keepDraft(conversation, text, charactersMax);
    const timer = setTimeout(keep, text === "" ? 0 : DRAFT_MS);
    const left = (event: FocusEvent) => {
      if (!field.current?.form?.contains(event.relatedTarget as Node | null)) {
        keep();
      }
    };
    field.current!.addEventListener("blur", left);
    return () => {
      clearTimeout(timer);
      field.current?.removeEventListener("blur", left);
    };
  }, [conversation, keepsDrafts, text, editing]);

  useEffect(() => {
    if (replyTo !== null) {
      field.current?.focus();
    }
  }, [replyTo]);

  // As high as what is in it, up to the bound of the style.
  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const completion = useCompletion(field, people, (value, caret) => {
    typed(value);
    field.current!.value = value;
    field.current!.setSelectionRange(caret, caret);
  });

  const typed = (value: string) => {
    setText(value);
    if (editing !== null) {
      return;
    }
    if (!thread) {
      noteDraft(conversation, value);
    }
    if (value.trim() === "") {
      conversation.stopTyping();
    } else {
      conversation.typing();
    }
  };

  const clear = () => {
    setText("");
    // A button that was pressed takes no keys once there is nothing to send.
    field.current?.focus();
    if (!thread) {
      noteDraft(conversation, null);
    }
    onDone();
  };

  const submit = () => {
    const said = text.trim();
    if (said === "" || over > 0) {
      return;
    }
    const mentions = mentionsIn(said, people());
    if (editing !== null) {
      run(conversation.edit(editing.messageId, { ...editing.content!, text: said, mentions }));
      clear();
      return;
    }
    try {
      (thread ?? conversation).send({ type: "text", text: said, mentions }, replyTo === null ? {} : { replyTo: replyTo.messageId });
    } catch (error) {
      report(error instanceof MilenaError && error.code === "OUTBOX_FULL" ? texts.composer.full : String(error));
      return;
    }
    clear();
    onSent();
  };

  const key = (event: KeyboardEvent) => {
    if (completion.key(event)) {
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (editing !== null || replyTo !== null)) {
      if (editing === null) {
        onDone();
      } else {
        clear();
      }
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {replyTo !== null && (
        <div class="composer-note">
          <span class="composer-quote">
            <strong dir="auto">{texts.composer.replying(names.of(replyTo.senderId))}</strong>
            <span dir="auto">{messageText(replyTo)}</span>
          </span>
          <button type="button" class="icon small" aria-label={texts.composer.cancelReply} onClick={onDone}>
            <Close />
          </button>
        </div>
      )}
      {editing !== null && (
        <div class="composer-note">
          <span>{texts.composer.editing}</span>
          <button type="button" class="icon small" aria-label={texts.composer.cancelEdit} onClick={clear}>
            <Close />
          </button>
        </div>
      )}
      {over > 0 && (
        <div class="composer-note problem" role="alert">
          {texts.composer.tooLong(over)}
        </div>
      )}
      {left > 0 && (
        <div class="composer-note" role="timer" aria-label={texts.composer.slowModeTimer}>
          {texts.composer.slowMode(leftText(left))}
        </div>
      )}
      {completion.list}
      <div class="composer-line">
        <textarea
          ref={field}
          rows={1}
          aria-label={thread ? texts.thread.field : texts.composer.label}
          placeholder={thread ? texts.thread.placeholder : texts.composer.placeholder}
          value={text}
          dir="auto"
          enterkeyhint="send"
          autocomplete="off"
          aria-autocomplete="list"
          {...completion.aria}
          onInput={({ currentTarget }) => {
            typed(currentTarget.value);
            completion.look(currentTarget.value, currentTarget.selectionStart);
          }}
          onKeyDown={key}
          onBlur={() => {
            conversation.stopTyping();
            completion.close();
          }}
        />
        <button type="submit" class="send" aria-label={editing !== null ? texts.composer.save : thread ? texts.thread.send : texts.composer.send} disabled={text.trim() === "" || over > 0}>
          <Send />
        </button>
      </div>
    </form>
  );
}

/** How many seconds are left until a moment, rounded up; counted down while the component is shown. */
function useSecondsUntil(at: number | null): number {
  const [, tick] = useState(0);
  const left = at === null ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
  useEffect(() => {
    const timer = left > 0 ? setInterval(() => tick(Date.now()), 500) : undefined;
    return () => clearInterval(timer);
  }, [left > 0]);
  return left;
}
