import {
  devices, notificationSettings, setNotificationSettings, signOutDevice, type Device, type NotificationLevel, type NotificationSettings, type Preview,
} from "@milena/sdk/push";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { briefly } from "./dates.js";
import { Dialog } from "./dialog.js";
import { problemOf } from "./problems.js";
import type { Push } from "./push.js";
import type { Session } from "./session.js";
import { useStore } from "./store.js";
import { texts } from "./texts.js";

const words = texts.notifications;
const LEVELS = Object.keys(words.levels) as NotificationLevel[];
const PREVIEWS = Object.keys(words.previews) as Preview[];
const QUIET = { from: "22:00", to: "07:00" };

/** Turns push on and says why it is still off, if it is; null if all is well. */
async function turnOn(push: Push): Promise<string | null> {
  try {
    const state = await push.enable();
    return state === "on" || state === "off" ? null : words.states[state];
  } catch (error) {
    return words.failed((error as Error).message);
  }
}

/** Asks once, in plain words, before the browser does. */
export function AskForPush({ push, report }: { push: Push; report: (problem: string) => void }): ComponentChildren {
  const { asks } = useStore(push);
  return asks ? (
    <div class="strip ask" role="region" aria-label={words.title}>
      <span>{words.ask}</span>
      <button type="button" class="link" onClick={() => push.notNow()}>
        {words.notNow}
      </button>
      <button type="button" class="primary" onClick={() => void turnOn(push).then((problem) => problem !== null && report(problem))}>
        {words.turnOn}
      </button>
    </div>
  ) : null;
}

/** What one is notified of, in this browser and everywhere, and one's devices. */
export function Notifications({ session, onClose }: { session: Session; onClose: () => void }): ComponentChildren {
  const [problem, setProblem] = useState<string | null>(null);
  const run = (work: Promise<unknown>) => {
    setProblem(null);
    work.catch((error: unknown) => setProblem(problemOf(error, session.client)));
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div class="details">
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {session.push && <Here push={session.push} report={setProblem} />}
        <Everywhere session={session} run={run} />
        <Devices session={session} run={run} />
      </div>
    </Dialog>
  );
}

function Here({ push, report }: { push: Push; report: (problem: string | null) => void }): ComponentChildren {
  const { state } = useStore(push);
  const [busy, setBusy] = useState(false);
  useEffect(() => void push.look(), [push]);
  const change = (work: Promise<string | null | void>) => {
    setBusy(true);
    void work.then((problem) => report(problem ?? null)).finally(() => setBusy(false));
  };
  return (
    <section class="part">
      <h3>{words.here}</h3>
      {state !== null && <p>{words.states[state]}</p>}
      {state === "off" && (
        <button type="button" class="primary" disabled={busy} onClick={() => change(turnOn(push))}>
          {words.turnOn}
        </button>
      )}
      {state === "on" && (
        <button type="button" class="plain" disabled={busy} onClick={() => change(push.disable())}>
          {words.turnOff}
        </button>
      )}
    </section>
  );
}

interface PartProps {
  session: Session;
  run: (work: Promise<unknown>) => void;
}

function Everywhere({ session, run }: PartProps): ComponentChildren {
  const settings = useStore(notificationSettings(session.client));
  return (
    <section class="part">
      <h3>{words.everywhere}</h3>
      {settings === null ? <p class="slow">{words.loading}</p> : <Settings settings={settings} onChange={(changed) => run(setNotificationSettings(session.client, changed))} />}
    </section>
  );
}

function Settings({ settings, onChange }: { settings: NotificationSettings; onChange: (settings: NotificationSettings) => void }): ComponentChildren {
  // What was chosen is shown until the server says what holds.
  const [chosen, setChosen] = useState(settings);
  useEffect(() => setChosen(settings), [settings]);
  const { level, preview, quietHours } = chosen;
  const choose = (change: Partial<NotificationSettings>) => {
    const next = { ...chosen, ...change };
    setChosen(next);
    onChange(next);
  };
  return (
    <>
      <label class="field">
        <span>{words.level}</span>
        <select value={level} onChange={(event) => choose({ level: event.currentTarget.value as NotificationLevel })}>
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {words.levels[each]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.preview}</span>
        <select value={preview} onChange={(event) => choose({ preview: event.currentTarget.value as Preview })}>
          {PREVIEWS.map((each) => (
            <option key={each} value={each}>
              {words.previews[each]}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input type="checkbox" checked={quietHours !== undefined} onChange={(event) => choose({ quietHours: event.currentTarget.checked ? QUIET : undefined })} />
        <span>{words.quiet}</span>
      </label>
      {quietHours && (
        <div class="times">
          {(["from", "to"] as const).map((end) => (
            <label key={end} class="field">
              <span>{words[end]}</span>
              <input type="time" required value={quietHours[end]} onChange={(event) => event.currentTarget.value !== "" && choose({ quietHours: { ...quietHours, [end]: event.currentTarget.value } })} />
            </label>
          ))}
        </div>
      )}
    </>
  );
}

function nameOf({ deviceId, push }: Device): string {
  if (deviceId.startsWith("~")) {
    return words.connection;
  }
  return words.named(words.platforms[push?.platform ?? ""] ?? words.device, deviceId.slice(0, 6));
}

function stateOf({ connected, lastSeen, push }: Device): string {
  const seen = lastSeen === null ? words.never : texts.presence.lastSeen(briefly(lastSeen, Date.now()));
  return [connected === null ? null : connected ? words.connected : seen, push ? words.pushed : null].filter((part) => part !== null).join(", ");
}

function Devices({ session, run }: PartProps): ComponentChildren {
  const all = useStore(devices(session.client));
  const [leaving, setLeaving] = useState<string | null>(null);
  return (
    <section class="part">
      <h3>{words.devices}</h3>
      <ul class="members" aria-label={words.devices}>
        {[...(all ?? [])].sort((a, b) => Number(b.isThis) - Number(a.isThis)).map((device) => (
          <li key={device.deviceId} class="member" aria-label={nameOf(device)}>
            <span class="member-name">
              {nameOf(device)}
              {device.isThis && <span class="quiet"> ({words.thisDevice})</span>}
              <br />
              <span class="quiet">{stateOf(device)}</span>
            </span>
            {!device.isThis && leaving !== device.deviceId && (
              <button type="button" class="link danger" aria-label={words.signOutOf(nameOf(device))} onClick={() => setLeaving(device.deviceId)}>
                {words.signOut}
              </button>
            )}
            {leaving === device.deviceId && (
              <div class="confirm" role="group" aria-label={words.signOutOf(nameOf(device))}>
                <p>{words.confirm}</p>
                <div class="dialog-buttons">
                  <button type="button" class="plain" autofocus onClick={() => setLeaving(null)}>
                    {words.stay}
                  </button>
                  <button
                    type="button"
                    class="primary danger"
                    onClick={() => {
                      setLeaving(null);
                      run(signOutDevice(session.client, device.deviceId));
                    }}
                  >
                    {words.signOut}
                  </button>
                </div>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
