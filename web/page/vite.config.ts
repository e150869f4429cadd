import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";
import { build, defineConfig } from "vite";

const out = join(import.meta.dirname, "dist");

/** All files below a folder, by their paths from the output on. */
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(join(folder, entry.name)) : [relative(out, join(folder, entry.name)).replaceAll("\\", "/")],
  );
}

/** Builds the service worker, with the files that make up the shell in it, and lists for the server which files there are. */
function fileLists(): Plugin {
  return {
    name: "file-lists",
    apply: "build",
    async closeBundle() {
      const shell = below(out).filter((file) => file !== "milena-chat.js").sort();
      const version = createHash("sha256");
      for (const file of shell) {
        version.update(file).update(readFileSync(join(out, file)));
      }
      const paths = shell.map((file) => (file === "index.html" ? "./" : `./${file}`));
      await build({
        configFile: false, publicDir: false, logLevel: "warn",
        define: { SHELL_VERSION: JSON.stringify(version.digest("hex").slice(0, 16)), SHELL_FILES: JSON.stringify(paths) },
        // One file without imports: not every browser has workers of modules.
        build: { target: "es2022", outDir: out, emptyOutDir: false, lib: { entry: "src/sw.ts", name: "milena", formats: ["iife"], fileName: () => "sw.js" } },
      });
      writeFileSync(join(out, "files"), below(out).sort().map((file) => `${file}\n`).join(""));
    },
  };
}

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    // `light-dark()` stays as it is written.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // The page's policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { page: "index.html", "milena-chat": "src/embed/element.tsx" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "page" ? "assets/[name].[hash].js" : "[name].js"),
        chunkFileNames: "assets/[name].[hash].js",
        assetFileNames: "assets/[name].[hash][extname]",
      },
    },
  },
  plugins: [fileLists()],
  test: { include: ["test/**/*.test.ts"] },
});
