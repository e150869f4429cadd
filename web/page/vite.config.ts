import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vite";

const out = join(import.meta.dirname, "dist");

/** All files below a folder, by their paths from the output on. */
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(join(folder, entry.name)) : [relative(out, join(folder, entry.name)).replaceAll("\\", "/")],
  );
}

/** Tells the service worker which files make up the shell, and the server which files there are. */
function fileLists(): Plugin {
  return {
    name: "file-lists",
    apply: "build",
    closeBundle() {
      const files = below(out).filter((file) => file !== "files").sort();
      const shell = files.filter((file) => file !== "sw.js" && file !== "milena-chat.js");
      const version = createHash("sha256");
      for (const file of shell) {
        version.update(file).update(readFileSync(join(out, file)));
      }
      const paths = shell.map((file) => (file === "index.html" ? "./" : `./${file}`));
      const worker = readFileSync(join(out, "sw.js"), "utf8");
      const filled = worker
        .replace(/(["'`])__SHELL_VERSION__\1/, JSON.stringify(version.digest("hex").slice(0, 16)))
        .replace(/(["'`])__SHELL_FILES__\1/, JSON.stringify(JSON.stringify(paths)));
      writeFileSync(join(out, "sw.js"), filled);
      writeFileSync(join(out, "files"), files.map((file) => `${file}\n`).join(""));
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
      input: { page: "index.html", sw: "src/sw.ts", "milena-chat": "src/embed/element.tsx" },
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
