import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, it } from "vitest";

const CORE_BYTES_MAX = 15 * 1024;

async function sizeOf(entry: string): Promise<number> {
  const output = await build({
    configFile: false, logLevel: "silent",
    build: {
      write: false, minify: true, target: "es2022",
      rollupOptions: {
        input: fileURLToPath(new URL(`../src/${entry}/index.ts`, import.meta.url)), external: ["react"],
        preserveEntrySignatures: "strict", output: { format: "es" },
      },
    },
  });
  const { output: chunks } = output as unknown as { output: { code: string }[] };
  return gzipSync(chunks[0]!.code, { level: 9 }).length;
}

it("core is small, minified and gzipped", async () => {
  const bytes = await sizeOf("core");
  console.log(`core: ${bytes} bytes; outbox: ${await sizeOf("outbox")}; react: ${await sizeOf("react")}`);
  expect(bytes).toBeLessThanOrEqual(CORE_BYTES_MAX);
});
