import type { ComponentChildren } from "preact";
import { Component } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Chat } from "./chat.js";
import { Logo } from "./icons.js";
import type { Session, SignInProblem, WebSettings } from "./session.js";
import { forgetMe, lastMe, loadSettings, resume, signIn } from "./session.js";
import { texts } from "./texts.js";

type State =
  | { readonly at: "loading" }
  | { readonly at: "away" }
  | { readonly at: "sign-in"; readonly settings: WebSettings; readonly said: string | null }
  | { readonly at: "chat"; readonly settings: WebSettings; readonly session: Session };

/** Shows in words that something here is broken, in place of an empty page. */
export class Whole extends Component<object, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError() {
    return { broken: true };
  }

  override render(_: object, { broken }: { broken: boolean }): ComponentChildren {
    return broken ? (
      <Splash>
        <p role="alert">{texts.broken}</p>
        <button type="button" class="primary" onClick={() => location.reload()}>
          {texts.reload}
        </button>
      </Splash>
    ) : (
      <App />
    );
  }
}

/** The whole page: loading, signing in, or the chat. */
function App(): ComponentChildren {
  const [state, setState] = useState<State>({ at: "loading" });

  const begin = async () => {
    const settings = await loadSettings();
    if (settings === null) {
      setState({ at: "away" });
      return;
    }
    const me = lastMe();
    setState(
      me === null || settings.signIn === "none"
        ? { at: "sign-in", settings, said: null }
        : { at: "chat", settings, session: resume(settings, me) },
    );
  };
  useEffect(() => {
    void begin();
  }, []);

  switch (state.at) {
    case "loading":
      return <Splash />;
    case "away":
      return (
        <Splash>
          <p>{texts.signIn.failed}</p>
          <button
            type="button"
            class="primary"
            onClick={() => {
              setState({ at: "loading" });
              void begin();
            }}
          >
            {texts.signIn.again}
          </button>
        </Splash>
      );
    case "sign-in":
      return (
        <SignIn
          settings={state.settings}
          said={state.said}
          onSession={(session) => setState({ at: "chat", settings: state.settings, session })}
        />
      );
    case "chat":
      return (
        <Chat
          session={state.session}
          onSignedOut={(said) => {
            forgetMe();
            location.hash = "#/";
            setState({ at: "sign-in", settings: state.settings, said });
          }}
        />
      );
  }
}

function Splash({ children }: { children?: ComponentChildren }): ComponentChildren {
  return (
    <main class="splash">
      <Logo size={56} />
      {children}
    </main>
  );
}

function problemText(problem: SignInProblem): string {
  return typeof problem === "string" ? texts.signIn[problem] : problem.words;
}

function SignIn({ settings, said, onSession }: { settings: WebSettings; said: string | null; onSession: (session: Session) => void }): ComponentChildren {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(said);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    const result = await signIn(settings, name.trim());
    setBusy(false);
    if (typeof result === "object" && "client" in result) {
      onSession(result);
    } else {
      setProblem(problemText(result));
    }
  };
  useEffect(() => {
    if (settings.signIn === "url" && said === null) {
      void submit();
    }
  }, []);

  const byName = settings.signIn === "development";
  return (
    <main class="splash">
      <form
        class="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Logo size={56} />
        <h1>{texts.signIn.welcome}</h1>
        {byName && <p class="quiet">{texts.signIn.about}</p>}
        {settings.signIn === "none" && <p>{texts.signIn.notSetUp}</p>}
        {byName && (
          <label class="field">
            <span>{texts.signIn.yourName}</span>
            <input
              type="text"
              value={name}
              maxLength={100}
              autocomplete="username"
              autocapitalize="off"
              spellcheck={false}
              autofocus
              required
              aria-describedby={problem === null ? undefined : "sign-in-problem"}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
        )}
        {problem !== null && (
          <p class="problem" role="alert" id="sign-in-problem">
            {problem}
          </p>
        )}
        {settings.signIn !== "none" && (
          <button type="submit" class="primary" disabled={busy || (byName && name.trim() === "")}>
            {busy ? texts.signIn.waiting : byName ? texts.signIn.submit : texts.signIn.again}
          </button>
        )}
      </form>
    </main>
  );
}
