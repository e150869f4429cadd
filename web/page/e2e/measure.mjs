// Measures the page at MILENA_URL: `node e2e/measure.mjs`. The figures stand in web/sdk/README.md.
import { World, until } from "./world.mjs";

const LOADS = 7;
const MESSAGES_MANY = 10_000;
const MESSAGES = 100_000;
const FPS_MIN = 30;
const SECONDS = 3;

const world = await World.open(process.env.MILENA_URL);
const alice = await world.person("measured");
await alice.starts("bob", `Measure ${Date.now().toString(36)}`);
for (let n = 1; n <= 30; n++) {
  await alice.says(`message ${n}`);
}
await alice.seesState("message 30", "Sent");
const { page } = alice;
const context = page.context();
await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

/** Milliseconds from the beginning of the load to the first frame with a message in it; the middle one of some loads. */
await context.addInitScript(() => {
  const look = new MutationObserver(() => {
    if (document.querySelector("article")) {
      look.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.painted ??= performance.now())));
    }
  });
  look.observe(document, { childList: true, subtree: true });
});
const painted = [];
for (let n = 0; n < LOADS; n++) {
  await page.reload();
  await page.waitForFunction(() => window.painted);
  painted.push(await page.evaluate(() => window.painted));
}
painted.sort((a, b) => a - b);
console.log(`load to first message painted, visited before: ${Math.round(painted[LOADS >> 1])} ms`);

/** Frames of a busy conversation, put into the page's socket behind those of the server. */
let socket = null;
await context.routeWebSocket(/\/ws/, (ws) => {
  socket = ws;
  ws.connectToServer();
});
await page.reload();
await alice.isConnected();
await until(() => socket !== null, "there is a socket");
const conversationId = new URL(page.url()).hash.slice("#/c/".length);
let number = 31;
const textOf = (n) => (n % 7 === 0 ? `number ${n}`.padEnd(200, " and on") : `number ${n}`);
const frame = () => {
  number++;
  const text = textOf(number);
  const payload = { conversationId, messageId: `m-${number}`, senderId: "bob", content: { type: "text", text }, sequenceNumber: number, timestamp: Date.now() };
  socket.send(JSON.stringify({ type: "message.new", payload }));
};
const fps = () =>
  page.evaluate(
    (ms) =>
      new Promise((resolve) => {
        let frames = 0;
        const end = performance.now() + ms;
        const next = () => (performance.now() < end ? (frames++, requestAnimationFrame(next)) : resolve((frames * 1_000) / ms));
        requestAnimationFrame(next);
      }),
    SECONDS * 1_000,
  );
const rates = async (most) => {
  const before = number;
  for (let rate = 100; rate <= most; rate *= 2) {
    let done = false;
    const begun = Date.now();
    let sent = 0;
    const flow = (async () => {
      while (!done) {
        for (; sent < ((Date.now() - begun) * rate) / 1_000; sent++) {
          frame();
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const frames = await fps();
    done = true;
    await flow;
    console.log(`behind ${before} messages, ${Math.round((sent * 1_000) / (Date.now() - begun))} messages/s: ${frames.toFixed(0)} frames/s`);
    await alice.sees("bob", textOf(number));
    if (frames < FPS_MIN) {
      break;
    }
  }
};
const fillUp = async (count) => {
  while (number < count) {
    for (let n = 0; n < 1_000; n++) {
      frame();
    }
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  await alice.sees("bob", textOf(number));
};
await rates(6_400);
await fillUp(MESSAGES_MANY);
await rates(6_400);

const heap = async () => {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1_048_576;
};
await fillUp(MESSAGES);
console.log(`heap with ${number} messages in one timeline: ${(await heap()).toFixed(0)} MiB`);
await page.goto("about:blank");
await page.goto(world.url);
await alice.isConnected();
console.log(`heap with the list alone: ${(await heap()).toFixed(0)} MiB`);
await world.browser.close();
process.exit(0);
