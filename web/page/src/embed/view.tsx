import type { MilenaClient, StopReason } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ServerFacts } from "../facts.js";
import { Frame } from "../frame.js";
import { Logo } from "../icons.js";
import { Names } from "../names.js";
import { useStore } from "../store.js";
import { texts } from "../texts.js";
import { addressOf, WayContext } from "../way.js";

interface Props {
  client: MilenaClient;
  facts: ServerFacts;
  /** where the server's own page is */
  server: string;
  /** the only conversation that is shown; null for all of them */
  conversationId: string | null;
}

const stopped: Record<StopReason, string> = {
  origin: texts.embed.originRefused,
  token: texts.embed.tokenRefused,
  "signed-out": texts.embed.signedOut,
  revoked: texts.embed.signedOut,
};

/** The chat within another website. */
export function EmbedView({ client, facts, server, conversationId }: Props): ComponentChildren {
  const { status, stopReason, userId } = useStore(client.connection);
  const [chosen, setChosen] = useState<string | null>(null);
  const [inReports, setInReports] = useState(false);
  const current = conversationId ?? chosen;
  const way = useMemo(() => {
    const open = (id: string | null) => {
      setInReports(false);
      setChosen(id);
    };
    const openReports = () => {
      setInReports(true);
      setChosen(null);
    };
    return { current, inReports, addressOf: (id: string) => `${server}/${addressOf(id)}`, open, openReports };
  }, [current, inReports, server]);
  const session = useMemo(() => {
    const me = { userId: userId ?? "", name: userId ?? "" };
    return { client, facts, me, names: new Names(client, me) };
  }, [client, facts, userId]);
  if (stopReason !== null) {
    return <Notice words={stopped[stopReason]} isProblem />;
  }
  if (userId === null) {
    return <Notice words={status === "waiting" ? texts.embed.away : texts.embed.connecting} />;
  }
  return (
    <WayContext.Provider value={way}>
      <Frame session={session} single={conversationId !== null} />
    </WayContext.Provider>
  );
}

export function Notice({ words, isProblem = false }: { words: string; isProblem?: boolean }): ComponentChildren {
  return (
    <div class="splash">
      <Logo size={40} />
      <p role={isProblem ? "alert" : "status"}>{words}</p>
    </div>
  );
}
