import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { Dialog } from "./dialog.js";
import { parsePeople } from "./names.js";
import { problemOf } from "./problems.js";
import type { Session } from "./session.js";
import { texts } from "./texts.js";

interface NewProps {
  session: Session;
  onClose: () => void;
  onStarted: (conversationId: string) => void;
}

/** Starts a direct conversation or a group. */
export function NewConversation({ session, onClose, onStarted }: NewProps): ComponentChildren {
  const [people, setPeople] = useState("");
  const [groupName, setGroupName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { client, me } = session;

  const start = async () => {
    const parsed = parsePeople(people);
    const others = parsed.userIds.filter((userId) => userId !== me.userId);
    const fault = faultOf(parsed, others);
    if (fault !== null) {
      setProblem(fault);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const name = groupName.trim();
      const started =
        others.length === 1 && name === ""
          ? await client.createDirect(others[0]!)
          : await client.createGroup({ name: name || [me.name, ...others].join(", ").slice(0, 100), userIds: others });
      onStarted(started.id);
    } catch (error) {
      setBusy(false);
      setProblem(problemOf(error, client));
    }
  };

  return (
    <Dialog title={texts.create.title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div class="field">
          <label for="people">{texts.create.people}</label>
          <input
            id="people"
            type="text"
            value={people}
            autofocus
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-describedby="people-hint"
            onInput={(event) => setPeople(event.currentTarget.value)}
          />
          <small id="people-hint">{texts.create.peopleHint}</small>
        </div>
        <div class="field">
          <label for="group-name">{texts.create.groupName}</label>
          <input
            id="group-name"
            type="text"
            value={groupName}
            maxLength={200}
            autocomplete="off"
            aria-describedby="group-hint"
            onInput={(event) => setGroupName(event.currentTarget.value)}
          />
          <small id="group-hint">{texts.create.groupHint}</small>
        </div>
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="plain" onClick={onClose}>
            {texts.create.cancel}
          </button>
          <button type="submit" class="primary" disabled={busy}>
            {texts.create.start}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function faultOf(parsed: { userIds: string[]; wrong: string | null }, others: string[]): string | null {
  if (parsed.userIds.length === 0) {
    return texts.create.nobody;
  }
  if (parsed.wrong !== null) {
    return texts.create.badId(parsed.wrong);
  }
  return others.length === 0 ? texts.create.yourself : null;
}

/** What one shows of oneself. */
export function OwnProfile({ session, onClose }: { session: Session; onClose: () => void }): ComponentChildren {
  const { client, me, names } = session;
  const [name, setName] = useState(names.of(me.userId));
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    try {
      // The whole profile is set: what else is in it stays.
      await client.setProfile({ ...client.profile(me.userId).getSnapshot(), name: name.trim() });
      onClose();
    } catch (error) {
      setProblem(problemOf(error, client));
    }
  };
  return (
    <Dialog title={texts.profile.title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div class="details-head">
          <Avatar id={me.userId} name={name} size={56} />
          <label class="field grow">
            <span>{texts.profile.name}</span>
            <input type="text" value={name} maxLength={100} autofocus autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
          </label>
        </div>
        <p class="quiet">{texts.profile.id(me.userId)}</p>
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="plain" onClick={onClose}>
            {texts.create.cancel}
          </button>
          <button type="submit" class="primary" disabled={name.trim() === ""}>
            {texts.profile.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks before messages that wait are lost. */
export function SignOutDialog({ waiting, onStay, onLeave }: { waiting: number; onStay: () => void; onLeave: () => void }): ComponentChildren {
  return (
    <Dialog title={texts.signOut.title} onClose={onStay}>
      <div class="dialog-form">
        <p>{texts.signOut.waiting(waiting)}</p>
        <div class="dialog-buttons">
          <button type="button" class="plain" onClick={onStay} autofocus>
            {texts.signOut.stay}
          </button>
          <button type="button" class="primary danger" onClick={onLeave}>
            {texts.signOut.leave}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
