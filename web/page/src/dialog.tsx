import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Close } from "./icons.js";
import { texts } from "./texts.js";

/** A dialog above the page, which holds the focus until it is closed. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog">
        <header class="dialog-head">
          <h2>{title}</h2>
          <button type="button" class="icon" aria-label={texts.details.close} onClick={onClose}>
            <Close />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
