import type { Change, Conversation, Message, MessageContent } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { momentOf, timeOf } from "./dates.js";
import { Alert, Check, Checks, Clock, More, Pin } from "./icons.js";
import { ALL } from "./mentions.js";
import type { Names } from "./names.js";
import { Rich, isOnlyEmoji } from "./rich.js";
import { texts } from "./texts.js";
import { Avatar } from "./avatar.js";

/** What a message says in words, as lists and screen readers show it. */
export function messageText(message: Message): string {
  const content = message.content;
  if (content === null) {
    return message.deletedBy === "moderation" ? texts.message.removed : texts.message.deleted;
  }
  return contentText(content);
}

/** What a content says in words. */
export function contentText(content: MessageContent): string {
  if (content.text) {
    return content.text;
  }
  switch (content.type) {
    case "image":
      return texts.message.image;
    case "file":
      return texts.message.file;
    case "location":
      return texts.message.location;
    default:
      return texts.message.unknown;
  }
}

/** Whether a message is of somebody whom this user has blocked, and so is shown on demand alone. */
export function isHidden({ mine, senderId }: Message, blocked: readonly string[] | null): boolean {
  return !mine && blocked !== null && blocked.includes(senderId);
}

const stateIcons = { SENDING: <Clock />, SENT: <Check />, DELIVERED: <Checks />, READ: <Checks />, FAILED: <Alert /> };
const reactions = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

export interface MessageProps {
  message: Message;
  first: boolean;
  last: boolean;
  group: boolean;
  /** whether this user may delete what others wrote */
  admin: boolean;
  names: Names;
  conversation: Conversation;
  /** in a group: of whom nothing is shown unless it is asked for */
  blocked: readonly string[] | null;
  /** whom this user has blocked; null where nobody can be */
  blockList: readonly string[] | null;
  onBlock: (message: Message, blocked: boolean) => void;
  /** null where messages cannot be reported */
  onReport: ((message: Message) => void) | null;
  /** whether messages can be reacted to here */
  reactive: boolean;
  /** whether this user may pin here */
  pins: boolean;
  /** whether messages can be edited and deleted here */
  changeable: boolean;
  /** whether messages can quote others here */
  quotable: boolean;
  /** the message that this one quotes; null where it is not here */
  quoted: Message | null;
  onReply: (message: Message) => void;
  /** opens the thread of a message; null where there are none, or one is open */
  onThread: ((message: Message) => void) | null;
  /** shows the message that this one quotes */
  onQuoted: (message: Message) => void;
  onEdit: (message: Message) => void;
  run: (work: Promise<unknown>) => void;
}

/** What all messages of a conversation have in common. */
export type CommonProps = Pick<MessageProps, "changeable" | "reactive" | "pins" | "admin" | "blocked" | "blockList" | "onBlock" | "onReport" | "run">;

export function MessageRow(props: MessageProps): ComponentChildren {
  const { message, group, blocked } = props;
  const [shown, setShown] = useState(false);
  if (shown || !group || message.content === null || !isHidden(message, blocked)) {
    return <Shown {...props} />;
  }
  return (
    <article class="change" aria-label={texts.message.blocked}>
      {texts.message.blocked}{" "}
      <button type="button" class="link" onClick={() => setShown(true)}>
        {texts.message.show}
      </button>
    </article>
  );
}

function Shown(props: MessageProps): ComponentChildren {
  const { message, first, last, group, names } = props;
  const sender = names.of(message.senderId);
  const text = messageText(message);
  const big = message.content?.type === "text" && isOnlyEmoji(text);
  const classes = ["message", message.mine ? "mine" : "theirs", first && "first", last && "last", big && "big", message.state === "FAILED" && "failed", namesMe(message, names) && "names-me"];
  return (
    <article class={classes.filter(Boolean).join(" ")} aria-label={texts.message.said(sender, text)}>
      {group && !message.mine && <span class="message-face">{last && <Avatar id={message.senderId} name={sender} size={28} />}</span>}
      <div class="message-column">
        {group && first && !message.mine && <div class="message-sender">{sender}</div>}
        <div class="message-line">
          <div class="bubble" dir="auto">
            {message.replyTo && message.content !== null && <Quote {...props} />}
            {message.content === null ? <em class="quiet">{text}</em> : <Content content={message.content} names={names} />}
            <span class="message-foot">
              {message.pinned && (
                <span title={texts.message.pinned}>
                  <Pin />
                </span>
              )}
              {message.revision > 0 && message.content !== null && <span>{texts.message.edited}</span>}
              <time dateTime={new Date(message.timestamp).toISOString()} title={momentOf(message.timestamp)}>
                {timeOf(message.timestamp)}
              </time>
              {message.state !== null && (
                <span class={`tick tick-${message.state.toLowerCase()}`} role="status" aria-live="off" aria-label={texts.message.states[message.state]}>
                  {stateIcons[message.state]}
                </span>
              )}
            </span>
          </div>
          {(props.changeable || props.quotable) && message.content !== null && message.sequenceNumber !== null && <Actions {...props} />}
        </div>
        {message.thread && props.onThread && (
          <button type="button" class="link thread-link" onClick={() => props.onThread!(message)}>
            {texts.thread.open(message.thread.replyCount)}
            <span class="quiet"> {texts.thread.lastReply(timeOf(message.thread.lastReplyAt))}</span>
          </button>
        )}
        {message.reactions.length > 0 && <Reactions {...props} />}
        {message.held && (
          <div class="message-note" title={message.mine ? texts.message.heldHint : texts.message.heldOther}>
            {texts.message.held}
          </div>
        )}
        {message.state === "FAILED" && <Failed {...props} />}
      </div>
    </article>
  );
}

/** The message that this one is a reply to, in brief. */
function Quote({ message, quoted, names, blocked, onQuoted }: MessageProps): ComponentChildren {
  const sender = quoted === null ? "" : names.of(quoted.senderId);
  const text = quoted === null ? texts.message.quotedEarlier : isHidden(quoted, blocked) ? texts.message.blocked : messageText(quoted);
  return (
    <button type="button" class="quote" aria-label={quoted === null ? text : texts.message.quoted(sender, text)} onClick={() => onQuoted(message)}>
      {quoted !== null && <strong dir="auto">{sender}</strong>}
      <span dir="auto">{text}</span>
    </button>
  );
}

/** What a message says. */
export function Content({ content, names }: { content: MessageContent; names: Names }): ComponentChildren {
  const media = content.mediaUrl && (
    // Not loaded: it would tell its website who reads this, and when.
    <a class="media" href={content.mediaUrl} target="_blank" rel="noopener noreferrer nofollow">
      {content.type === "image" ? texts.message.image : content.type === "file" ? texts.message.file : content.mediaUrl}
    </a>
  );
  return (
    <>
      {media}
      {content.text ? <Rich text={content.text} mentioned={mentionedIn(content, names)} /> : !media && <em class="quiet">{contentText(content)}</em>}
    </>
  );
}

/** How those whom a message mentions may be written in it, the longest first. */
function mentionedIn({ mentions }: MessageContent, names: Names): string[] {
  const ids = mentions === undefined ? [] : mentions === ALL ? [ALL] : mentions;
  return ids.flatMap((userId) => [names.of(userId), userId]).sort((a, b) => b.length - a.length);
}

/** Whether a message of somebody else mentions this user. */
function namesMe({ mine, content }: Message, names: Names): boolean {
  const mentions = content?.mentions;
  return !mine && (mentions === ALL || mentions?.includes(names.me.userId) === true);
}

function Failed({ message, conversation }: MessageProps): ComponentChildren {
  return (
    <div class="message-failed">
      {message.error && <span>{message.error.message}</span>}
      <button type="button" class="link" onClick={() => conversation.retry(message.messageId)}>
        {texts.message.retry}
      </button>
      <button type="button" class="link" onClick={() => conversation.discard(message.messageId)}>
        {texts.message.discard}
      </button>
    </div>
  );
}

function Reactions({ message, conversation, reactive, run }: MessageProps): ComponentChildren {
  return (
    <div class="reactions">
      {message.reactions.map(({ emoji, count, mine }) => (
        <button
          type="button"
          key={emoji}
          class="reaction"
          aria-pressed={mine}
          aria-label={texts.message.reacted(emoji, count)}
          disabled={!reactive}
          onClick={() => run(conversation.react(message.messageId, emoji, mine))}
        >
          {emoji} <span>{count}</span>
        </button>
      ))}
    </div>
  );
}

function Actions({ message, admin, changeable, quotable, reactive, pins, blockList, conversation, onReply, onThread, onEdit, onBlock, onReport, run }: MessageProps): ComponentChildren {
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) {
      return;
    }
    const away = (event: Event) => {
      if (!event.composedPath().includes(menu.current!)) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open]);
  const isBlocked = isHidden(message, blockList);
  // Until it is released, nobody quotes it or reacts to it.
  const isShown = message.held !== true;
  const act = (work: () => void) => () => {
    // What is opened by it gives the focus back there.
    menu.current!.querySelector("button")!.focus();
    setOpen(false);
    work();
  };
  return (
    <div class="actions" ref={menu} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" class="icon small" aria-label={texts.message.actions} aria-expanded={open} onClick={() => setOpen(!open)}>
        <More size={16} />
      </button>
      {open && (
        <div class="menu" role="group" aria-label={texts.message.actions}>
          {reactive && isShown && (
            <div class="menu-emoji">
              {reactions.map((emoji) => (
                <button type="button" key={emoji} aria-label={texts.message.react(emoji)} onClick={act(() => run(conversation.react(message.messageId, emoji)))}>
                  {emoji}
                </button>
              ))}
            </div>
          )}
          {quotable && isShown && (
            <button type="button" onClick={act(() => onReply(message))}>
              {texts.message.reply}
            </button>
          )}
          {onThread && isShown && message.threadOf === undefined && (
            <button type="button" onClick={act(() => onThread(message))}>
              {texts.thread.start}
            </button>
          )}
          {pins && isShown && (
            <button type="button" onClick={act(() => run(conversation.pin(message.messageId, message.pinned)))}>
              {message.pinned ? texts.message.unpin : texts.message.pin}
            </button>
          )}
          {changeable && message.mine && message.content?.type === "text" && (
            <button type="button" onClick={act(() => onEdit(message))}>
              {texts.message.edit}
            </button>
          )}
          {onReport && isShown && !message.mine && (
            <button type="button" onClick={act(() => onReport(message))}>
              {texts.message.report}
            </button>
          )}
          {blockList !== null && !message.mine && (
            <button type="button" onClick={act(() => onBlock(message, !isBlocked))}>
              {isBlocked ? texts.message.unblock : texts.message.block}
            </button>
          )}
          {changeable && (message.mine || admin) && (
            <button type="button" class="danger" onClick={act(() => run(conversation.delete(message.messageId)))}>
              {texts.message.remove}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** A change of the conversation, as a line between messages. */
export function ChangeRow({ change, renamed, names }: { change: Change; renamed: boolean; names: Names }): ComponentChildren {
  return <div class="change">{changeText(change, renamed, names)}</div>;
}

function changeText(change: Change, renamed: boolean, names: Names): string {
  const actor = names.of(change.actorId);
  const userIds = change.userIds ?? [];
  const people = names.ofAll(userIds);
  switch (change.kind) {
    case "conversation.created":
      return texts.changes.created(actor);
    case "conversation.updated":
      return renamed && change.name ? texts.changes.renamed(actor, change.name) : texts.changes.settings(actor);
    case "member.added":
      return texts.changes.added(actor, people);
    case "member.removed":
      return userIds.length === 1 && userIds[0] === change.actorId ? texts.changes.left(actor) : texts.changes.removed(actor, people);
    case "role.changed":
      return change.role === "admin" ? texts.changes.admin(actor, people) : texts.changes.member(actor, people);
  }
}
