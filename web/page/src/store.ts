import type { Store } from "@milena/sdk";
import type { Names } from "./names.js";
import type { Session } from "./session.js";
import { useLayoutEffect, useReducer } from "preact/hooks";

/** As often as a component is drawn where the browser makes no frames, as for a page that is hidden. */
const HIDDEN_MS = 100;

/** Runs it once with the next frame, however often it is called until then. */
function byFrames(run: () => void): () => void {
  let isDue = false;
  const once = () => {
    if (isDue) {
      isDue = false;
      run();
    }
  };
  return () => {
    if (!isDue) {
      isDue = true;
      requestAnimationFrame(once);
      setTimeout(once, HIDDEN_MS);
    }
  };
}

/** The present value of a store; the component is drawn again when it changes, at most once a frame. */
export function useStore<T>(store: Store<T>): T {
  const [, draw] = useReducer((count: number, _: void) => count + 1, 0);
  const shown = store.getSnapshot();
  useLayoutEffect(() => {
    const end = store.subscribe(byFrames(() => draw()));
    // It may have changed between the drawing and now.
    if (store.getSnapshot() !== shown) {
      draw();
    }
    return end;
  }, [store]);
  return shown;
}

/** What people are called; the component is drawn again when that changes. */
export function useNames(session: Session): Names {
  useStore(session.names);
  return session.names;
}
