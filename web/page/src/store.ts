import type { Store } from "@milena/sdk";
import type { Names } from "./names.js";
import type { Session } from "./session.js";
import { useLayoutEffect, useReducer } from "preact/hooks";

/** The present value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, draw] = useReducer((count: number, _: void) => count + 1, 0);
  const shown = store.getSnapshot();
  useLayoutEffect(() => {
    const listener = () => draw();
    const end = store.subscribe(listener);
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
