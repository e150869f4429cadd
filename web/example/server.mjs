// A website on another port that has the chat in it, and signs its users' tokens:
//
//   node web/example/server.mjs [--server http://127.0.0.1:8080] [--data ./data] [--port 8090]
//
// The secret is that of the data folder of `./milena up`, as any website has it that is trusted with its users.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const TYPES = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" };
const FILES = { "/": "index.html", "/shop.css": "shop.css", "/shop.js": "shop.js" };
const LIFE_SECONDS = 600;

/** A token of a user, as RFC 7519 has it: signed with a secret that the chat server knows, too. */
export function sign(user, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const said = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: user, iat: now, exp: now + LIFE_SECONDS })}`;
  return `${said}.${createHmac("sha256", secret).update(said).digest("base64url")}`;
}

/** Serves the website. `token` gives a token of a user; a real one looks at its own cookie for who that is. */
export function serve({ server, token, port, host = "127.0.0.1" }) {
  const sockets = server.replace(/^http/, "ws");
  // All that the chat needs of a website's policy: its scripts, and the way to its server.
  const policy = `default-src 'none'; script-src 'self' ${server}; style-src 'self'; connect-src 'self' ${server} ${sockets}; img-src 'self'`;
  const website = createServer(async (request, answer) => {
    const { pathname, searchParams } = new URL(request.url, "http://shop.test");
    const file = FILES[pathname];
    const json = async () =>
      pathname === "/settings.json" ? { server } : pathname === "/chat-token" && request.method === "POST" ? { token: await token(searchParams.get("user")) } : null;
    try {
      const body = file ? readFileSync(join(import.meta.dirname, file)) : JSON.stringify(await json());
      const type = file ? TYPES[file.split(".")[1]] : "application/json";
      answer.writeHead(body === "null" ? 404 : 200, { "Content-Type": type, "Content-Security-Policy": policy, "Cache-Control": "no-store" });
      answer.end(body);
    } catch (error) {
      answer.writeHead(500).end(String(error.message));
    }
  });
  return new Promise((resolve) => website.listen(port, host, () => resolve(website)));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, usual) => (argv.includes(`--${name}`) ? argv[argv.indexOf(`--${name}`) + 1] : usual);
  const secretFile = join(option("data", "data"), "token.secret");
  const port = Number(option("port", "8090"));
  const server = option("server", "http://127.0.0.1:8080");
  const secret = readFileSync(secretFile, "utf8").trim();
  await serve({ server, port, token: async (user) => sign(user, secret) });
  console.log(`A website with the chat in it: http://localhost:${port}`);
}
