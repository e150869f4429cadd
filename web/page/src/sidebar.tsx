import type { ConnectionState, ConversationSummary } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { Component } from "preact";
import { useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { briefly, dayOf } from "./dates.js";
import { LEVEL } from "./facts.js";
import { Bell, Flag, Muted, Pin, Plus, SignOut, Threads } from "./icons.js";
import { isHidden, messageText } from "./message.js";
import type { Names } from "./names.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";
import { useWay, type Way } from "./way.js";

/** Beyond these nobody's presence is watched: a connection may watch a bounded number of people. */
const WATCHED_MAX = 200;

interface Props {
  session: Session;
  selected: string | null;
  onCreate: () => void;
  onProfile: () => void;
  onThreads: () => void;
  onNotifications: () => void;
  /** left out for those who do not moderate */
  onReports: (() => void) | null;
  onSignOut?: () => void;
}

export function Sidebar({ session, selected, onCreate, onProfile, onThreads, onNotifications, onReports, onSignOut }: Props): ComponentChildren {
  const { client, me } = session;
  const list = useStore(client.conversations);
  const names = useNames(session);
  const blocked = useStore(client.blocked);
  const way = useWay();
  const today = dayOf(Date.now());
  const items = useRef<HTMLUListElement>(null);
  const [inArchive, setInArchive] = useState(false);
  const shown = inArchive && list.archived.length > 0 ? list.archived : list.items;

  /** Up and down move among the conversations. */
  const move = (event: KeyboardEvent) => {
    const links = [...(items.current?.querySelectorAll("a") ?? [])];
    const { activeElement } = items.current!.getRootNode() as Document | ShadowRoot;
    const at = links.indexOf(activeElement as HTMLAnchorElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to !== undefined && at !== -1) {
      event.preventDefault();
      links[Math.max(0, Math.min(links.length - 1, to))]?.focus();
    }
  };

  return (
    <nav class="sidebar">
      <header class="sidebar-head">
        <button type="button" class="me" aria-label={texts.profile.title} title={texts.profile.title} disabled={session.facts.level < LEVEL.profiles} onClick={onProfile}>
          <Avatar id={me.userId} name={names.of(me.userId)} size={36} />
        </button>
        <div class="sidebar-me">
          <strong dir="auto">{names.of(me.userId)}</strong>
          <Connection session={session} />
        </div>
        {onReports && (
          <button type="button" class="icon" aria-label={texts.reports.title} title={texts.reports.title} aria-pressed={way.inReports} onClick={onReports}>
            <Flag />
          </button>
        )}
        {session.facts.level >= LEVEL.devices && (
          <button type="button" class="icon" aria-label={texts.notifications.title} title={texts.notifications.title} onClick={onNotifications}>
            <Bell />
          </button>
        )}
        {onSignOut && (
          <button type="button" class="icon" aria-label={texts.list.signOut} title={texts.list.signOut} onClick={onSignOut}>
            <SignOut />
          </button>
        )}
        <button type="button" class="icon accent" aria-label={texts.list.create} title={texts.list.create} onClick={onCreate}>
          <Plus />
        </button>
      </header>
      <Why session={session} />
      <ThreadsButton session={session} onThreads={onThreads} />
      {list.archived.length > 0 && (
        <button type="button" class="link list-switch" onClick={() => setInArchive(!inArchive)}>
          {inArchive ? texts.list.back : texts.list.archived(list.archived.length)}
        </button>
      )}
      <ul class="list" aria-label={texts.list.label} ref={items} onKeyDown={move}>
        {shown.map((conversation, index) => (
          <Line
            key={conversation.conversationId}
            session={session}
            conversation={conversation}
            selected={conversation.conversationId === selected}
            watched={index < WATCHED_MAX}
            blocked={blocked}
            today={today}
            addressOf={way.addressOf}
            open={way.open}
          />
        ))}
      </ul>
      {shown.length === 0 && (
        <div class="list-empty">
          {list.loaded ? (
            <>
              <strong>{texts.list.empty}</strong>
              <p>{texts.list.emptyHint}</p>
            </>
          ) : (
            <p class="slow">{texts.list.loading}</p>
          )}
        </div>
      )}
      {list.truncated && <p class="list-note">{texts.list.truncated}</p>}
    </nav>
  );
}

/** Opens the followed threads, and says in how many of them there are new replies. */
function ThreadsButton({ session, onThreads }: { session: Session; onThreads: () => void }): ComponentChildren {
  const threads = useStore(session.client.threads);
  const unread = threads?.items.filter(({ unreadCount }) => unreadCount > 0).length ?? 0;
  return threads === null || threads.items.length === 0 ? null : (
    <button type="button" class="link list-switch list-threads" aria-label={unread > 0 ? texts.list.threadsUnread(unread) : undefined} onClick={onThreads}>
      <Threads /> {texts.list.threads} {unread > 0 && <span class="badge">{unread}</span>}
    </button>
  );
}

function connectionText(state: ConnectionState): string {
  const { online, reconnecting, offline } = texts.connection;
  switch (state.status) {
    case "online":
      return online;
    case "connecting":
      return reconnecting;
    case "waiting":
    case "idle":
    case "stopped":
      return offline;
  }
}

/** How the connection is, in plain words, and how many messages wait for it. */
export function Connection({ session }: { session: Session }): ComponentChildren {
  const state = useStore(session.client.connection);
  const words = connectionText(state);
  const waiting = state.waitingMessages > 0 && state.status !== "online" ? `: ${texts.connection.waiting(state.waitingMessages)}` : "";
  const kind = state.status === "online" ? "online" : state.status === "connecting" ? "connecting" : "offline";
  return (
    <div class={`connection connection-${kind}`} role="status" aria-label={texts.connection.label} title={state.durable ? undefined : texts.connection.notKept}>
      {words}
      {waiting}
    </div>
  );
}

/** Why there is no connection now, and that it comes back. */
function Why({ session }: { session: Session }): ComponentChildren {
  const { closeCode } = useStore(session.client.connection);
  return closeCode === null ? null : (
    <p class="list-note">
      {texts.connection.why[closeCode] ?? texts.connection.unreachable} {texts.connection.again}
    </p>
  );
}

interface LineProps {
  session: Session;
  conversation: ConversationSummary;
  selected: boolean;
  watched: boolean;
  blocked: readonly string[] | null;
  /** times of other days are written in another way */
  today: number;
  addressOf: Way["addressOf"];
  open: Way["open"];
}

/** A line of the list. There may be thousands: only those are drawn again of which something changed. */
class Line extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps): boolean {
    return (Object.keys(next) as (keyof LineProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render(props: LineProps): ComponentChildren {
    return <LineOf {...props} />;
  }
}

function LineOf({ session, conversation, selected, watched, blocked, addressOf, open }: LineProps): ComponentChildren {
  const { client } = session;
  const names = useNames(session);
  const name = names.ofConversation(conversation);
  const unread = conversation.unreadCount;
  const typists = useStore(client.conversation(conversation.conversationId).typists);
  return (
    <li class={selected ? "line selected" : "line"} aria-label={unread > 0 ? `${name}, ${texts.list.unread(unread)}` : name} aria-description={conversation.unreadMentions > 0 ? texts.list.mentioned : undefined}>
      <a href={addressOf(conversation.conversationId)} aria-current={selected ? "page" : undefined} onClick={(event) => follow(event, () => open(conversation.conversationId))}>
        {conversation.otherUserId !== null && watched ? (
          <WatchedAvatar session={session} userId={conversation.otherUserId} name={name} />
        ) : (
          <Avatar id={conversation.otherUserId ?? conversation.conversationId} name={name} />
        )}
        <span class="line-text">
          <span class="line-top">
            <strong dir="auto">{name}</strong>
            {conversation.personal.pinned && (
              <span class="quiet" title={texts.list.pinned}>
                <Pin />
              </span>
            )}
            {conversation.muted && (
              <span class="quiet" title={texts.list.muted}>
                <Muted />
              </span>
            )}
            <time dateTime={new Date(conversation.lastEventAt).toISOString()}>{briefly(conversation.lastEventAt, Date.now())}</time>
          </span>
          <span class="line-bottom">
            <span class={typists.length > 0 ? "line-last line-typing" : "line-last"} dir="auto">
              {typists.length > 0 ? texts.conversation.typingOne(names.of(typists[0]!)) : lastText(conversation, names, selected, blocked)}
            </span>
            {conversation.unreadMentions > 0 && (
              <span class="badge" title={texts.list.mentioned}>
                @
              </span>
            )}
            {unread > 0 && <span class={conversation.muted ? "badge badge-quiet" : "badge"}>{unread > 99 ? "99+" : unread}</span>}
          </span>
        </span>
      </a>
    </li>
  );
}

/** A plain click opens it here; any other one is the browser's. */
function follow(event: MouseEvent, open: () => void): void {
  if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    open();
  }
}

function WatchedAvatar({ session, userId, name }: { session: Session; userId: string; name: string }): ComponentChildren {
  const presence = useStore(session.client.presence(userId));
  return <Avatar id={userId} name={name} presence={presence} />;
}

function lastText(conversation: ConversationSummary, names: Names, selected: boolean, blocked: readonly string[] | null): string {
  const last = conversation.lastMessage;
  const { draft } = conversation.personal;
  if (draft && !selected) {
    return texts.list.draft(draft.text);
  }
  if (last === null) {
    return texts.list.noMessages;
  }
  if (conversation.otherUserId === null && isHidden(last, blocked)) {
    return texts.message.blocked;
  }
  const text = messageText(last);
  if (last.mine) {
    return texts.message.said(texts.list.you, text);
  }
  return conversation.otherUserId === null ? texts.message.said(names.of(last.senderId), text) : text;
}
