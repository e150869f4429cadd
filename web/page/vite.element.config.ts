import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

const out = join(import.meta.dirname, "../sdk/dist/element");

/** `<milena-chat>` as the entry point `element` of the package: the client itself stays outside, so that it is there once. */
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    outDir: out,
    emptyOutDir: true,
    lib: { entry: "src/embed/element.tsx", formats: ["es"], fileName: () => "index.js" },
    rollupOptions: { external: [/^@milena\/sdk/] },
  },
  plugins: [
    {
      name: "types",
      closeBundle() {
        copyFileSync(join(import.meta.dirname, "src/embed/element.types.ts"), join(out, "index.d.ts"));
      },
    },
  ],
});
