import type { Conversation, ConversationSummary, GroupSettings, MemberLine } from "@milena/sdk";
import { conversationNotifications, setConversationLevel, type ConversationNotifications, type NotificationLevel } from "@milena/sdk/push";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { LEVEL } from "./facts.js";
import { Dialog } from "./dialog.js";
import { parsePeople } from "./names.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { useNames, useStore } from "./store.js";
import { texts } from "./texts.js";
import { useWay } from "./way.js";

interface Props {
  session: Session;
  conversation: Conversation;
  summary: ConversationSummary;
  onClose: () => void;
}

/** Who is in a conversation, and what may be changed of it. */
export function Details({ session, conversation, summary, onClose }: Props): ComponentChildren {
  const { me } = session;
  const way = useWay();
  const names = useNames(session);
  const [members, setMembers] = useState<readonly MemberLine[]>([]);
  const allBlocked = useStore(session.client.blocked);
  const blocked = summary.otherUserId === null ? null : (allBlocked?.includes(summary.otherUserId) ?? null);
  const [problem, setProblem] = useState<string | null>(null);
  const group = summary.type === "group";

  useEffect(() => {
    let current = true;
    conversation.members().then(
      (all) => current && setMembers(all),
      (error: unknown) => current && setProblem(problemOf(error, session.client)),
    );
    return () => {
      current = false;
    };
  }, [conversation, summary.lastSequence]);

  const { pinned, archived } = summary.personal;
  const last = conversation.messages.getSnapshot().items.findLast((item) => item.kind === "message" && !item.mine)?.sequenceNumber ?? null;
  const leave = () => {
    onClose();
    way.open(null);
  };

  const run = (work: Promise<unknown>) => {
    setProblem(null);
    work.catch((error: unknown) => setProblem(problemOf(error, session.client)));
  };

  const mine = members.find((member) => member.userId === me.userId)?.role ?? summary.role;
  const admin = group && mine === "admin";
  return (
    <Dialog title={texts.details.title} onClose={onClose}>
      <div class="details">
        <div class="details-head">
          <Avatar id={summary.otherUserId ?? summary.conversationId} name={names.ofConversation(summary)} size={56} />
          <strong dir="auto">{names.ofConversation(summary)}</strong>
        </div>
        <div class="details-buttons">
          <button type="button" class="plain" onClick={() => run(summary.muted ? conversation.unmute() : conversation.mute(FOR_GOOD))}>
            {summary.muted ? texts.details.unmute : texts.details.mute}
          </button>
          {blocked !== null && (
            <button type="button" class="plain danger" onClick={() => run(session.client.setBlocked(summary.otherUserId!, !blocked))}>
              {blocked ? texts.details.unblock : texts.details.block}
            </button>
          )}
          {session.facts.level >= LEVEL.personal && (
            <>
              <button type="button" class="plain" onClick={() => run(conversation.keep({ pinned: !pinned }))}>
                {pinned ? texts.details.unpin : texts.details.pin}
              </button>
              <button type="button" class="plain" onClick={() => run(conversation.keep({ archived: !archived }).then(leave))}>
                {archived ? texts.details.unarchive : texts.details.archive}
              </button>
              <button type="button" class="plain" disabled={last === null} onClick={() => run(conversation.keep({ unreadFrom: last }).then(leave))}>
                {texts.details.markUnread}
              </button>
            </>
          )}
        </div>
        {session.facts.level >= LEVEL.devices && <Notified session={session} conversation={conversation} run={run} />}
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {admin && <OneField label={texts.details.rename} button={texts.details.renameButton} initial={summary.name ?? ""} onSubmit={(name) => run(conversation.update({ name }))} />}
        <h3>{texts.details.members}</h3>
        <ul class="members" aria-label={texts.details.members}>
          {members.map((member) => (
            <Member key={member.userId} session={session} conversation={conversation} member={member} admin={admin} run={run} />
          ))}
        </ul>
        {(admin || (group && summary.settings?.allowMemberInvites)) && (
          <OneField
            label={texts.details.add}
            button={texts.details.addButton}
            initial=""
            onSubmit={(text) => {
              const { userIds, wrong } = parsePeople(text);
              if (wrong !== null) {
                setProblem(texts.create.badId(wrong));
              } else if (userIds.length > 0) {
                run(conversation.addMembers(userIds));
              }
            }}
          />
        )}
        {admin && summary.settings && <Settings settings={summary.settings} onChange={(settings) => run(conversation.update({ settings }))} />}
        {group && (
          <button
            type="button"
            class="plain danger"
            onClick={() =>
              run(
                conversation.leave().then(leave),
              )
            }
          >
            {texts.details.leave}
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** A mute without an end, as the server takes it. */
const FOR_GOOD = Date.UTC(2100, 0, 1);

const AS_SETTINGS = "";

/** Of what of this conversation one is notified. */
function Notified({ session, conversation, run }: Pick<MemberProps, "session" | "conversation" | "run">): ComponentChildren {
  const { client } = session;
  const [chosen, setChosen] = useState<ConversationNotifications | null>(null);
  useEffect(() => run(conversationNotifications(client, conversation.id).then(setChosen)), [client, conversation]);
  const words = texts.notifications;
  const choose = (level: NotificationLevel | null) => run(setConversationLevel(client, conversation.id, level).then(setChosen));
  return (
    <label class="field">
      <span>{words.level}</span>
      <select
        value={chosen?.level ?? AS_SETTINGS}
        disabled={chosen === null}
        onChange={({ currentTarget: { value } }) => choose(value === AS_SETTINGS ? null : (value as NotificationLevel))}
      >
        <option value={AS_SETTINGS}>{chosen?.level === null ? words.asSettings(words.levels[chosen.effectiveLevel]) : words.asSettingsPlain}</option>
        {(Object.keys(words.levels) as NotificationLevel[]).map((level) => (
          <option key={level} value={level}>
            {words.levels[level]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MemberProps {
  session: Session;
  conversation: Conversation;
  member: MemberLine;
  admin: boolean;
  run: (work: Promise<unknown>) => void;
}

function Member({ session, conversation, member, admin, run }: MemberProps): ComponentChildren {
  const { userId, role } = member;
  const names = useNames(session);
  const name = names.of(userId);
  const self = userId === session.me.userId;
  return (
    <li class="member" aria-label={name}>
      <Avatar id={userId} name={name} size={32} />
      <span class="member-name">
        <span dir="auto">{name}</span>
        {self && <span class="quiet"> ({texts.details.you})</span>}
      </span>
      {role === "admin" && <span class="tag">{texts.details.admin}</span>}
      {admin && !self && (
        <span class="member-actions" role="group" aria-label={texts.details.person(name)}>
          <button type="button" class="link" onClick={() => run(conversation.setRole(userId, role === "admin" ? "member" : "admin"))}>
            {role === "admin" ? texts.details.makeMember : texts.details.makeAdmin}
          </button>
          <button type="button" class="link danger" onClick={() => run(conversation.removeMember(userId))}>
            {texts.details.remove}
          </button>
        </span>
      )}
    </li>
  );
}

function OneField({ label, button, initial, onSubmit }: { label: string; button: string; initial: string; onSubmit: (text: string) => void }): ComponentChildren {
  const [text, setText] = useState(initial);
  return (
    <form
      class="one-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") {
          onSubmit(text.trim());
          setText(initial === "" ? "" : text);
        }
      }}
    >
      <label class="field">
        <span>{label}</span>
        <input type="text" value={text} autocomplete="off" spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button type="submit" class="plain">
        {button}
      </button>
    </form>
  );
}

const settingNames = ["onlyAdminsCanPost", "allowMemberInvites", "historyVisibleToNewMembers", "onlyAdminsMentionAll", "premoderation"] as const;

type Flags = Partial<Record<(typeof settingNames)[number], boolean>>;

function Settings({ settings, onChange }: { settings: GroupSettings; onChange: (change: Flags & { slowModeSeconds?: number }) => void }): ComponentChildren {
  const { slowModeSeconds } = settings;
  const flags = settings as Flags;
  return (
    <fieldset class="settings">
      <legend>{texts.details.settings}</legend>
      {settingNames.filter((name) => name in settings).map((name) => (
        <label key={name} class="check">
          <input type="checkbox" checked={flags[name]} onChange={(event) => onChange({ [name]: event.currentTarget.checked })} />
          <span>{texts.details[name]}</span>
        </label>
      ))}
      {slowModeSeconds !== undefined && (
        <label class="field">
          <span>{texts.details.slowMode}</span>
          <select value={slowModeSeconds} onChange={(event) => onChange({ slowModeSeconds: Number(event.currentTarget.value) })}>
            {Object.entries({ [slowModeSeconds]: texts.details.seconds(slowModeSeconds), ...texts.details.slowModes }).map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  );
}
