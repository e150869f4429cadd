import type { Message } from "@milena/sdk";
import type { Decision, ReportedMessage } from "@milena/sdk/moderation";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "./dialog.js";
import type { Session } from "./session.js";
import { texts } from "./texts.js";

const words = texts.reports;
const REASON_MAX = 200;
const TEXT_MAX = 1_000;
const HOUR_MS = 3_600_000;
const DURATIONS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS, good: Infinity };
type Duration = keyof typeof DURATIONS;

interface AskProps {
  reported: ReportedMessage;
  /** why it was refused, if it was */
  problem: string | null;
  onClose: () => void;
  onDecide: (decision: Decision) => Promise<void>;
}

/** Asks what an author is warned with. */
export function Warn({ reported: { conversationId, messageId }, problem, onClose, onDecide }: AskProps): ComponentChildren {
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  return (
    <Ask title={words.warnTitle} action={words.action.warn} problem={problem} onClose={onClose} onSubmit={() => void onDecide({ conversationId, messageId, action: "warn", text: text.trim() || undefined, note: note.trim() || undefined })}>
      <label class="field">
        <span>{words.warnText}</span>
        <textarea rows={3} maxLength={TEXT_MAX} value={text} dir="auto" autofocus onInput={(event) => setText(event.currentTarget.value)} />
        <small>{words.warnHint}</small>
      </label>
      <Note note={note} onNote={setNote} />
    </Ask>
  );
}

/** Asks where, how long and why an author is banned. */
export function Ban({ session, reported, problem, onClose, onDecide }: AskProps & { session: Session }): ComponentChildren {
  const { conversationId, messageId } = reported;
  const { senderId } = reported.message as Message;
  const [duration, setDuration] = useState<Duration>("day");
  const [scope, setScope] = useState<"tenant" | "conversation">("tenant");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const submit = () => {
    const until = duration === "good" ? undefined : Date.now() + DURATIONS[duration];
    void onDecide({ conversationId, messageId, action: "ban", until, scope, reason: reason.trim(), note: note.trim() || undefined });
  };
  return (
    <Ask title={words.banTitle(session.names.brief(senderId))} action={words.action.ban} problem={problem} onClose={onClose} onSubmit={submit}>
      <label class="field">
        <span>{words.scope}</span>
        <select value={scope} autofocus onChange={(event) => setScope(event.currentTarget.value as typeof scope)}>
          {(Object.keys(words.scopes) as (typeof scope)[]).map((each) => (
            <option key={each} value={each}>
              {words.scopes[each]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.until}</span>
        <select value={duration} onChange={(event) => setDuration(event.currentTarget.value as Duration)}>
          {(Object.keys(DURATIONS) as Duration[]).map((each) => (
            <option key={each} value={each}>
              {words.durations[each]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.banReason}</span>
        <input type="text" required pattern=".*\S.*" maxLength={REASON_MAX} value={reason} dir="auto" autocomplete="off" onInput={(event) => setReason(event.currentTarget.value)} />
        <small>{words.banHint}</small>
      </label>
      <Note note={note} onNote={setNote} />
    </Ask>
  );
}

function Note({ note, onNote }: { note: string; onNote: (note: string) => void }): ComponentChildren {
  return (
    <label class="field">
      <span>{words.note}</span>
      <input type="text" maxLength={TEXT_MAX} value={note} dir="auto" autocomplete="off" onInput={(event) => onNote(event.currentTarget.value)} />
    </label>
  );
}

function Ask({ title, action, problem, onClose, onSubmit, children }: { title: string; action: string; problem: string | null; onClose: () => void; onSubmit: () => void; children: ComponentChildren }): ComponentChildren {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="plain" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="primary danger">
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
