import { bans, unban, type BanLine } from "@milena/sdk/moderation";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "./avatar.js";
import { momentOf } from "./dates.js";
import type { ListProps } from "./reports.js";
import { useNames } from "./store.js";
import { texts } from "./texts.js";
import { whereOf } from "./where.js";

const words = texts.reports;

/** Who is banned, and until when. */
export function Bans({ session, report, onDone }: ListProps): ComponentChildren {
  const { client } = session;
  const names = useNames(session);
  const [lines, setLines] = useState<readonly BanLine[] | null>(null);
  const [cursor, setCursor] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const load = async (from?: string) => {
    setBusy(true);
    const page = await bans(client, from).finally(() => setBusy(false));
    report(null);
    setLines((before) => [...(from === undefined ? [] : (before ?? [])), ...page.bans]);
    setCursor(page.nextCursor);
  };
  useEffect(() => void load().catch(report), []);
  const end = async ({ userId, conversationId }: BanLine) => {
    await unban(client, userId, conversationId);
    onDone(words.banEnded);
    await load();
  };
  if (lines === null) {
    return <p class="empty slow">{words.loading}</p>;
  }
  return (
    <div class="queue">
      {lines.length === 0 && <p class="empty">{words.noBans}</p>}
      {lines.length > 0 && (
        <ul class="members" aria-label={words.states.bans}>
          {lines.map((line) => {
            const name = names.brief(line.userId);
            return (
              <li key={`${line.userId} ${line.conversationId}`} class="member report" aria-label={name}>
                <Avatar id={line.userId} name={name} size={32} />
                <span class="member-name">
                  <span dir="auto">{name}</span> <span class="quiet">{line.conversationId === undefined ? words.scopes.tenant.toLowerCase() : words.where(whereOf(session, line.conversationId))}</span>
                  <br />
                  <span dir="auto">{line.reason}</span>
                  <br />
                  <span class="quiet">
                    {line.until === undefined ? words.forGood : words.bannedUntil(momentOf(line.until))}, {words.bannedBy(names.brief(line.bannedBy))}
                  </span>
                </span>
                <button type="button" class="plain" aria-label={words.endBanOf(name)} onClick={() => end(line).catch(report)}>
                  {words.endBan}
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {cursor !== undefined && (
        <button type="button" class="plain" disabled={busy} onClick={() => load(cursor).catch(report)}>
          {words.more}
        </button>
      )}
    </div>
  );
}
