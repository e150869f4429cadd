import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

const CORE_BYTES_MAX = 20.75 * 1024;
const WORKER_BYTES_MAX = 2 * 1024;

/** What is loaded of an entry point at its start, and what may be loaded in all; in bytes, minified and gzipped. */
async function sizeOf(entry: string): Promise<{ start: number; all: number }> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../src/${entry}/index.ts`, import.meta.url)), external: ["react"], logLevel: "silent",
    tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)),
  });
  const { output } = await bundle.generate({ format: "es", minify: true });
  const chunks = new Map(output.flatMap((chunk) => (chunk.type === "chunk" ? [[chunk.fileName, chunk] as const] : [])));
  const start = new Set([...chunks.values()].filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  for (const fileName of start) {
    chunks.get(fileName)!.imports.filter((imported) => chunks.has(imported)).forEach((imported) => start.add(imported));
  }
  const bytes = (names: Iterable<string>) => gzipSync([...names].map((name) => chunks.get(name)!.code).join("\n"), { level: 9 }).length;
  return { start: bytes(start), all: bytes(chunks.keys()) };
}

it("core and worker are small, minified and gzipped", async () => {
  const core = await sizeOf("core");
  const worker = await sizeOf("worker");
  console.log("bytes", JSON.stringify({ core, worker, outbox: await sizeOf("outbox"), react: await sizeOf("react"), push: await sizeOf("push") }));
  expect(core.start).toBeLessThanOrEqual(CORE_BYTES_MAX);
  // A service worker has no use for the client.
  expect(worker.all).toBeLessThanOrEqual(WORKER_BYTES_MAX);
});
