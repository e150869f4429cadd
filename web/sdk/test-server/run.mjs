// Two clients in Node against a real server: messages each way through forced disconnects, nothing lost, doubled or
// misordered.
//
//   MILENA_URL            such as http://127.0.0.1:8080
//   MILENA_TOKEN_COMMAND  prints a token of the user whose id is put behind it, such as "./milena token --unlimited"
//   MILENA_MESSAGES       each way; 1000 if left out
//   MILENA_CUTS           20 if left out
//   MILENA_TRANSPORT      websocket, events or poll; websocket if left out
//   MILENA_WITHIN_MS      how long each step may take; 240000 if left out
import { WebSocket } from "ws";
import { MilenaClient } from "../dist/core/index.js";
import { check, run, tokenOf, until, url } from "./server.mjs";

const messages = Number(process.env.MILENA_MESSAGES ?? 1_000);
const cuts = Number(process.env.MILENA_CUTS ?? 20);
const transport = process.env.MILENA_TRANSPORT ?? "websocket";

/** A person with a client whose connection can be cut. */
class Person {
  items = [];
  sockets = new Set();
  aborts = new Set();

  constructor(name) {
    this.userId = `${name}-${run}`;
    const token = tokenOf(this.userId);
    const { sockets, aborts } = this;
    this.client = new MilenaClient({
      server: url, token: async () => token, transports: [transport], outboxMax: messages,
      webSocket: class extends WebSocket {
        constructor(...args) {
          super(...args);
          sockets.add(this);
          this.addEventListener("close", () => sockets.delete(this));
        }
      },
      fetch: async (input, init) => {
        const abort = new AbortController();
        init?.signal?.addEventListener("abort", () => abort.abort());
        aborts.add(abort);
        try {
          return await fetch(input, { ...init, signal: abort.signal });
        } finally {
          if (!String(input).includes("/events")) {
            aborts.delete(abort);
          }
        }
      },
    });
    this.client.onItem((item) => item.kind === "message" && this.items.push(item));
  }

  cut() {
    for (const socket of this.sockets) {
      socket.terminate();
    }
    for (const abort of this.aborts) {
      abort.abort();
    }
    this.aborts.clear();
  }
}

const people = [new Person("alice"), new Person("bob")];
const [alice, bob] = people;
for (const { client } of people) {
  client.connect();
}
await until(() => JSON.stringify(people.map(({ client }) => client.connection.getSnapshot())), () =>
  people.every(({ client }) => client.connection.getSnapshot().upToDate));
const talk = await alice.client.createDirect(bob.userId);
await until(() => "bob hears of the conversation", () => bob.client.conversations.getSnapshot().items.length === 1);
const talks = people.map(({ client }) => client.conversation(talk.id));
for (const conversation of talks) {
  conversation.messages.subscribe(() => {});
}
await until(() => "timelines", () => talks.every(({ messages }) => messages.getSnapshot().loaded));
const sending = Date.now();
for (let n = 1; n <= messages; n++) {
  people.forEach((person, at) => talks[at].send(`${at === 0 ? "alice" : "bob"} ${n}`));
}
let done = 0;
for (let cut = 1; cut <= cuts; cut++) {
  // Spread over the whole talk: each cut comes when a further part of it has arrived.
  await until(() => `cut ${cut}`, () => people.some(({ items }) => items.length >= (2 * messages * cut) / (cuts + 1)));
  people[cut % 2].cut();
  done++;
}
const counts = () => JSON.stringify(people.map(({ client, items }) => [items.length, client.connection.getSnapshot().waitingMessages]));
await until(counts, () => people.every(({ client, items }) => items.length >= 2 * messages && client.connection.getSnapshot().waitingMessages === 0));
await until(counts, () => people.every(({ client }) => client.connection.getSnapshot().upToDate));
const seconds = (Date.now() - sending) / 1_000;

for (const { items, userId } of people) {
  check(`${userId} has each message once`, items.length === 2 * messages && new Set(items.map((item) => item.messageId)).size === 2 * messages);
  check(`${userId} has one order without a gap`, items.every((item, at) => at === 0 || item.sequenceNumber === items[at - 1].sequenceNumber + 1));
  for (const name of ["alice", "bob"]) {
    const texts = items.map((item) => item.content.text).filter((text) => text.startsWith(`${name} `));
    check(`what ${name} sent is in order`, texts.every((text, at) => text === `${name} ${at + 1}`));
  }
}
check("both have the same order", alice.items.every((item, at) => item.messageId === bob.items[at].messageId));
for (const conversation of talks) {
  const shown = conversation.messages.getSnapshot().items.filter((item) => item.kind === "message");
  check("the timeline shows all of it", shown.length === 2 * messages && shown.every((item, at) => item.messageId === alice.items[at].messageId));
}
talks[1].markRead();
const states = () => JSON.stringify(talks[0].messages.getSnapshot().items.filter((item) => item.mine && item.state !== "READ").map((item) => [item.sequenceNumber, item.state]));
await until(() => `what was read is seen to be: ${states()}`, () =>
  talks[0].messages.getSnapshot().items.filter((item) => item.mine).every((item) => item.state === "READ"));
for (const { client } of people) {
  client.close();
}
console.log(`${messages} messages each way through ${done} disconnects by ${transport}: nothing lost, doubled or misordered; ${seconds.toFixed(1)} s`);
