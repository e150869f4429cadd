import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const sdk = join(import.meta.dirname, "..");
const project = mkdtempSync(join(tmpdir(), "milena-pack-"));
const run = (command: string, args: string[], cwd: string) => execFileSync(command, args, { cwd, encoding: "utf8" });

afterAll(() => rmSync(project, { recursive: true, force: true }));

it("is used from a fresh project as it is packed", () => {
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], sdk)) as [{ filename: string; files: { path: string }[] }];
  expect(packed.files.map(({ path }) => path).filter((path) => /^(src|test|node_modules)/.test(path))).toEqual([]);
  const modules = join(project, "node_modules");
  const there = join(modules, "@milena", "sdk");
  mkdirSync(there, { recursive: true });
  run("tar", ["-xzf", join(project, packed.filename), "--strip-components=1", "-C", there], project);
  // Beside it only what a project of its kind has: React, for the hooks.
  for (const name of ["react", "@types"]) {
    symlinkSync(join(sdk, "../node_modules", name), join(modules, name));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "fresh", type: "module" }));
  writeFileSync(join(project, "use.mjs"), `
    import { MilenaClient, MilenaError, isTransient } from "@milena/sdk";
    import { browserTabs, indexedDbStorage, storageIn } from "@milena/sdk/outbox";
    import { decide } from "@milena/sdk/moderation";
    import { enablePush } from "@milena/sdk/push";
    import { useMessages } from "@milena/sdk/react";
    import { handlePush } from "@milena/sdk/worker";
    const client = new MilenaClient({ server: "http://127.0.0.1:9", token: async () => null, storage: indexedDbStorage(), tabs: browserTabs() });
    client.conversation("c").send("waits");
    console.log(client.connection.getSnapshot().waitingMessages, typeof useMessages, typeof storageIn, typeof enablePush, typeof decide, typeof handlePush, isTransient(new MilenaError("UNAVAILABLE", "").code));`);
  expect(run(process.execPath, ["use.mjs"], project).trim()).toBe("1 function function function function function true");
  writeFileSync(join(project, "use.ts"), `
    import { MilenaClient, MilenaError, type Message } from "@milena/sdk";
    import { indexedDbStorage } from "@milena/sdk/outbox";
    import { decide, queue, type QueuePage } from "@milena/sdk/moderation";
    import { devices, startPush, type PushState } from "@milena/sdk/push";
    import { useConversations } from "@milena/sdk/react";
    import { handlePush } from "@milena/sdk/worker";
    import type { MilenaChatElement } from "@milena/sdk/element";
    export const client = new MilenaClient({ token: async (reason) => (reason === "connect" ? "t" : null), storage: indexedDbStorage() });
    export const sent: Message = client.conversation("c").send({ type: "text", text: "hi" });
    export const names = () => useConversations(client).items.map(({ name, unreadCount }) => \`\${name} \${unreadCount}\`);
    export const chat: MilenaChatElement = document.createElement("milena-chat");
    chat.addEventListener("milena-unread", ({ detail }) => console.log(detail.unread));
    export const end = (registration: ServiceWorkerRegistration) => startPush(client, { registration, onOpen: (id) => console.log(id) });
    export const reported: Promise<QueuePage> = queue(client, { state: "open" });
    export const removed = decide(client, { conversationId: "c", messageId: "m", action: "remove" });
    export const state: PushState = "needs-install";
    export const names2 = () => devices(client).getSnapshot()?.map(({ deviceId, isThis }) => deviceId + isThis);
    export const handle: () => void = () => handlePush({ icon: "icon.png" });
    export const code = (error: MilenaError) => error.code === "RATE_LIMITED" && error.retryAfterMs;`);
  const options = { strict: true, noEmit: true, target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", lib: ["ES2023", "DOM"], types: [] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["use.ts"] }));
  run(join(sdk, "../node_modules/.bin/tsc"), ["-p", project], project);
}, 60_000);
