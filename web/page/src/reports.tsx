import { MilenaError, type TimelineItem } from "@milena/sdk";
import { decide, queue, type Decision, type DecisionAction, type QueuePage, type QueueState, type ReportedMessage } from "@milena/sdk/moderation";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { Bans } from "./bans.js";
import { briefly, momentOf } from "./dates.js";
import { Ban, Warn } from "./decisions.js";
import { Back } from "./icons.js";
import { Content, messageText } from "./message.js";
import type { Names } from "./names.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { useNames } from "./store.js";
import { texts } from "./texts.js";
import { useWay } from "./way.js";
import { whereOf } from "./where.js";

const words = texts.reports;
type List = QueueState | "bans";
const LISTS = Object.keys(words.states) as List[];
const PAGE = 50;
const AGAIN_MS = 10_000;

/** What a moderator decides on, and has decided. */
export function Reports({ session }: { session: Session }): ComponentChildren {
  const way = useWay();
  const [list, setList] = useState<List>("open");
  const [said, setSaid] = useState({ what: "", times: 0 });
  const [problem, setProblem] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const report = (error: unknown) => setProblem(error === null ? null : typeof error === "string" ? error : problemOf(error, session.client));
  /** What was decided on is gone from the list, and the focus with it. */
  const done = (what: string) => {
    setProblem(null);
    setSaid(({ times }) => ({ what, times: times + 1 }));
    heading.current?.focus();
  };
  return (
    <section class="reports" aria-label={words.title}>
      <header class="head">
        <button type="button" class="icon back" aria-label={texts.conversation.back} onClick={() => way.open(null)}>
          <Back />
        </button>
        <h2 class="head-text" tabIndex={-1} ref={heading}>
          {words.title}
        </h2>
        <div class="choice" role="group" aria-label={words.lists}>
          {LISTS.map((each) => (
            <button type="button" key={each} class="plain" aria-pressed={list === each} onClick={() => setList(each)}>
              {words.states[each]}
            </button>
          ))}
        </div>
      </header>
      <div class="hidden" role="status">
        <p key={said.times}>{said.what}</p>
      </div>
      {problem !== null && (
        <p class="strip problem" role="alert">
          {problem}
        </p>
      )}
      {list === "bans" ? <Bans session={session} report={report} onDone={done} /> : <Queue key={list} session={session} state={list} report={report} onDone={done} />}
    </section>
  );
}

export interface ListProps {
  session: Session;
  /** says what failed, in words or as it was refused; null: nothing does any longer */
  report: (error: unknown) => void;
  /** something was decided, in words */
  onDone: (what: string) => void;
}

function Queue({ session, state, report, onDone }: ListProps & { state: QueueState }): ComponentChildren {
  const { client } = session;
  const [page, setPage] = useState<QueuePage | null>(null);
  const [asking, setAsking] = useState<{ action: "warn" | "ban"; reported: ReportedMessage } | null>(null);
  const isOne = page === null || page.reports.length <= PAGE;
  /** the latest load: what others answer is older than what is shown */
  const latest = useRef(0);
  const [refused, setRefused] = useState(false);
  /** whether it is said that a load failed */
  const isSaid = useRef(false);
  /** why the decision that is asked for was refused */
  const [failed, setFailed] = useState<string | null>(null);
  const load = async (cursor?: string) => {
    const own = ++latest.current;
    try {
      const next = await queue(client, { state, limit: PAGE, cursor });
      if (own === latest.current) {
        const focused = document.activeElement?.closest<HTMLElement>("article.report")?.dataset.key;
        if (cursor === undefined && focused !== undefined && !next.reports.some((each) => keyOf(each) === focused)) {
          onDone(words.left);
        }
        setPage((before) => ({ ...next, reports: [...(cursor === undefined ? [] : (before?.reports ?? [])), ...next.reports] }));
        if (isSaid.current) {
          isSaid.current = false;
          report(null);
        }
      }
    } catch (error) {
      if (own === latest.current) {
        isSaid.current = true;
        setRefused(error instanceof MilenaError && error.code === "FORBIDDEN");
        report(error);
      }
    }
  };
  useEffect(() => void load(), []);
  // A list that somebody has made longer stays as it is until they decide.
  useEffect(() => {
    const timer = isOne && asking === null && !refused ? setInterval(() => document.visibilityState === "visible" && void load(), AGAIN_MS) : undefined;
    return () => clearInterval(timer);
  }, [isOne, asking === null, refused]);

  const act = async (decision: Decision) => {
    // What is decided on is what is shown here, not what it was edited to meanwhile.
    const shown = page!.reports.find(({ conversationId, messageId }) => conversationId === decision.conversationId && messageId === decision.messageId)?.message;
    try {
      await decide(client, { ...decision, revision: shown?.kind === "message" ? shown.revision : undefined });
      setAsking(null);
      onDone(words.done(words.did[decision.action]!));
    } catch (error) {
      report(error);
      setFailed(problemOf(error, client));
      return;
    }
    await load();
  };

  if (page === null) {
    return refused ? null : <p class="empty slow">{words.loading}</p>;
  }
  return (
    <div class="queue">
      {page.reports.length === 0 && <p class="empty">{state === "open" ? words.none : words.noneDecided}</p>}
      {page.reports.map((reported) => (
        <Reported
          key={keyOf(reported)}
          session={session}
          reported={reported}
          onAction={(action) => {
            const { conversationId, messageId } = reported;
            if (action === "warn" || action === "ban") {
              setFailed(null);
              setAsking({ action, reported });
            } else {
              void act({ conversationId, messageId, action });
            }
          }}
        />
      ))}
      {page.nextCursor !== undefined && (
        <button type="button" class="plain" onClick={() => void load(page.nextCursor)}>
          {words.more}
        </button>
      )}
      {asking?.action === "warn" && <Warn reported={asking.reported} problem={failed} onClose={() => setAsking(null)} onDecide={act} />}
      {asking?.action === "ban" && <Ban session={session} reported={asking.reported} problem={failed} onClose={() => setAsking(null)} onDecide={act} />}
    </div>
  );
}

function keyOf({ conversationId, messageId }: ReportedMessage): string {
  return `${conversationId} ${messageId}`;
}

function Reported({ session, reported, onAction }: { session: Session; reported: ReportedMessage; onAction: (action: DecisionAction) => void }): ComponentChildren {
  const names = useNames(session);
  const { message: item, evidence, latestEvidence, context, reports, flags, decision, held, state, conversationId } = reported;
  const message = item?.kind === "message" ? item : null;
  const sender = message === null ? null : names.brief(message.senderId);
  const text = message === null ? words.gone : messageText(message);
  const former = [{ title: words.evidence, copy: evidence }, { title: words.latestEvidence, copy: latestEvidence }].flatMap(({ title, copy }) =>
    copy !== undefined && (!message?.content || message.revision !== copy.revision) ? [{ title, content: copy.content }] : [],
  );
  const actions: DecisionAction[] = held ? ["release", "reject"] : message?.content ? ["remove", "dismiss"] : ["dismiss"];
  const around = [...context.before, ...context.after];
  return (
    <article class="report" data-key={keyOf(reported)} aria-label={sender === null ? text : texts.message.said(sender, text)}>
      <header class="line-top">
        {message !== null && <Avatar id={message.senderId} name={sender!} size={28} />}
        <strong dir="auto">
          {sender} <span class="quiet">{words.where(whereOf(session, conversationId))}</span>
        </strong>
        {held && <span class="tag">{words.held}</span>}
        {message !== null && (
          <time dateTime={new Date(message.timestamp).toISOString()} title={momentOf(message.timestamp)}>
            {briefly(message.timestamp, Date.now())}
          </time>
        )}
      </header>
      {former.map(({ title, content }) => (
        <Part key={title} title={title}>
          <blockquote class="quoted" dir="auto">
            <Content content={content} names={names} />
          </blockquote>
        </Part>
      ))}
      <Part title={former.length > 0 ? words.now : null}>
        <blockquote class="quoted" dir="auto">
          {message?.content ? <Content content={message.content} names={names} /> : <em class="quiet">{text}</em>}
        </blockquote>
      </Part>
      {reports.length > 0 && (
        <Part title={words.reporters}>
          <ul aria-label={words.reporters}>
            {reports.map(({ userId, reason, text: more, timestamp }) => (
              <li key={userId}>
                {words.reported(names.brief(userId), texts.report.reasons[reason] ?? reason)}
                <time class="quiet" dateTime={new Date(timestamp).toISOString()}>
                  {briefly(timestamp, Date.now())}
                </time>
                {more !== undefined && <p dir="auto">{more}</p>}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {flags.length > 0 && (
        <Part title={words.flags}>
          <ul aria-label={words.flags}>
            {flags.map(({ rule, version, label, timestamp }) => (
              <li key={`${rule} ${version} ${timestamp}`}>{words.flag(rule, version, label)}</li>
            ))}
          </ul>
        </Part>
      )}
      {around.length > 0 && (
        <details>
          <summary>{words.context}</summary>
          <ol>
            {context.before.map((each) => (
              <Around key={each.key} item={each} names={names} />
            ))}
            <li aria-current="true">
              <strong dir="auto">{sender === null ? text : texts.message.said(sender, text)}</strong>
            </li>
            {context.after.map((each) => (
              <Around key={each.key} item={each} names={names} />
            ))}
          </ol>
        </details>
      )}
      {decision && (
        <p class="quiet">
          {words.decided(words.did[decision.action] ?? decision.action, decision.decidedBy === "moderation" ? words.rule : names.brief(decision.decidedBy))}, {briefly(decision.timestamp, Date.now())}
          {decision.scope === "conversation" && <>. {words.scopes.conversation}</>}
          {(decision.reason ?? decision.text) !== undefined && <>: {decision.reason ?? decision.text}</>}
          {decision.note !== undefined && <>. {words.noted(decision.note)}</>}
        </p>
      )}
      {(state === "open" || message?.content) && (
        <div class="report-actions" role="group" aria-label={words.actions}>
          {[...actions.filter((action) => state === "open" || action !== "dismiss"), ...(message !== null && !message.mine ? (["warn", "ban"] as const) : [])].map((action) => (
            <button type="button" key={action} class={action === "remove" || action === "reject" ? "primary danger" : "plain"} onClick={() => onAction(action)}>
              {words.action[action]}
            </button>
          ))}
        </div>
      )}
    </article>
  );
}

function Part({ title, children }: { title: string | null; children: ComponentChildren }): ComponentChildren {
  return (
    <div class="report-part">
      {title !== null && <h3>{title}</h3>}
      {children}
    </div>
  );
}

function Around({ item, names }: { item: TimelineItem; names: Names }): ComponentChildren {
  return item.kind === "message" ? <li dir="auto">{texts.message.said(names.brief(item.senderId), messageText(item))}</li> : null;
}
