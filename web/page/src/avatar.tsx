import type { Presence } from "@milena/sdk";
import type { ComponentChildren } from "preact";
import { hue, initials } from "./names.js";

/** A person's or a group's letters, and whether the person is there. */
export function Avatar({ id, name, size = 40, presence }: { id: string; name: string; size?: number; presence?: Presence | null }): ComponentChildren {
  return (
    <span class="avatar" aria-hidden="true" data-initials={initials(name)} style={{ "--hue": hue(id), "--size": `${size}px` }}>
      {presence && presence.status !== "offline" && <span class={`presence presence-${presence.status}`} />}
    </span>
  );
}
