// A push service as far as a server sees it: it takes what is sent to a subscription, checks who signed it, and decrypts
// it as a browser would (RFC 8291, RFC 8292).
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer } from "node:http";

const base64 = (bytes) => Buffer.from(bytes).toString("base64url");
const bytes = (text) => Buffer.from(text, "base64url");
const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const ONE = Buffer.of(1);

export class PushService {
  #subscriptions = new Map();

  /** @param port at 127.0.0.1, which the server must be allowed to send to */
  static async open(port) {
    const service = new PushService();
    service.origin = `http://127.0.0.1:${port}`;
    service.http = createServer((request, response) => service.#take(request, response)).listen(port, "127.0.0.1");
    await new Promise((resolve, reject) => service.http.on("listening", resolve).on("error", reject));
    return service;
  }

  close() {
    this.http.closeAllConnections();
    this.http.close();
  }

  /** A subscription for a key of the server, as `PushSubscription.toJSON()` gives it. */
  subscribe(serverKey) {
    const id = base64(randomBytes(9));
    const ecdh = createECDH("prime256v1");
    const p256dh = ecdh.generateKeys();
    const auth = randomBytes(16);
    this.#subscriptions.set(id, { ecdh, p256dh, auth, serverKey, came: [], problems: [] });
    return { endpoint: `${this.origin}/push/${id}`, expirationTime: null, keys: { p256dh: base64(p256dh), auth: base64(auth) } };
  }

  unsubscribe(endpoint) {
    this.#subscriptions.delete(endpoint.split("/").at(-1));
  }

  /** What came for a subscription, oldest first: `{head, body}` each; throws if something of it was wrong. */
  came(endpoint) {
    const { came, problems } = this.#subscriptions.get(endpoint.split("/").at(-1));
    if (problems.length > 0) {
      throw new Error(problems.join("; "));
    }
    return came;
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const subscription = this.#subscriptions.get(request.url.split("/").at(-1));
    if (!subscription) {
      response.writeHead(410).end();
      return;
    }
    try {
      this.#check(request, subscription.serverKey);
      subscription.came.push({ head: request.headers, body: JSON.parse(decrypted(Buffer.concat(chunks), subscription)) });
      response.writeHead(201, { Location: `${this.origin}/message/${subscription.came.length}` }).end();
    } catch (error) {
      subscription.problems.push(String(error.message));
      response.writeHead(400).end();
    }
  }

  #check({ method, headers }, serverKey) {
    const [, token, key] = /^vapid t=([^,\s]+),\s*k=(\S+)$/.exec(headers.authorization ?? "") ?? [];
    must(method === "POST" && headers["content-encoding"] === "aes128gcm" && Number(headers.ttl) > 0, "the heads of a push");
    must(key === serverKey, "the key is the one that was subscribed with");
    const [head, claims, signature] = token.split(".");
    const point = bytes(key);
    const jwk = { kty: "EC", crv: "P-256", x: base64(point.subarray(1, 33)), y: base64(point.subarray(33)) };
    const signed = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
    must(verify("sha256", Buffer.from(`${head}.${claims}`), signed, bytes(signature)), "the signature");
    const { aud, exp, sub } = JSON.parse(bytes(claims));
    const now = Date.now() / 1_000;
    must(aud === this.origin && exp > now && exp <= now + 86_400 && /^(mailto:|https:)/.test(sub), "the claims");
  }
}

function must(holds, what) {
  if (!holds) {
    throw new Error(`not as it must be: ${what}`);
  }
}

function decrypted(body, { ecdh, p256dh, auth }) {
  const salt = body.subarray(0, 16);
  const keyLength = body[20];
  const sender = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  must(body.length <= 4_096 && record.length <= body.readUInt32BE(16), "one record of at most 4,096 bytes");
  const shared = hmac(hmac(auth, ecdh.computeSecret(sender)), "WebPush: info\0", p256dh, sender, ONE);
  const secret = hmac(salt, shared);
  const key = hmac(secret, "Content-Encoding: aes128gcm\0", ONE).subarray(0, 16);
  const nonce = hmac(secret, "Content-Encoding: nonce\0", ONE).subarray(0, 12);
  const open = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([open.update(record.subarray(0, -16)), open.final()]);
  const end = plain.lastIndexOf(2);
  must(end >= 0 && plain.subarray(end + 1).every((byte) => byte === 0), "the padding");
  return plain.subarray(0, end).toString("utf8");
}
