// Three clients in Node against a real server: what one does in a group, and what the others see of it. The environment
// is that of run.mjs.
import { WebSocket } from "ws";
import { MilenaClient } from "../dist/core/index.js";
import { check, run, tokenOf, until, url } from "./server.mjs";

const ids = ["alice", "bob", "carol"].map((name) => `${name}-${run}`);
const clients = ids.map((userId) => {
  const token = tokenOf(userId);
  return new MilenaClient({ server: url, token: async () => token, webSocket: WebSocket });
});
const [alice, bob, carol] = clients;
const [, bobId, carolId] = ids;
let steps = 0;

async function sees(what, isDone) {
  await until(() => what, isDone);
  steps++;
}

async function refusal(promise) {
  return promise.then(() => null, (error) => error.code);
}

clients.forEach((client) => client.connect());
await sees("all are online", () => clients.every((client) => client.connection.getSnapshot().upToDate));

const group = await alice.createGroup({ name: "Friends", userIds: [bobId] });
const ofBob = bob.conversation(group.id);
const ofCarol = carol.conversation(group.id);
const lastOwn = () => group.messages.getSnapshot().items.findLast((item) => item.mine)?.state;
group.messages.subscribe(() => {});
ofBob.messages.subscribe(() => {});
await sees("bob has the group", () => bob.conversations.getSnapshot().items.length === 1);
ofBob.send("hi all");
await sees("alice reads it", () => group.messages.getSnapshot().items.some((item) => item.content?.text === "hi all"));
await group.addMembers([carolId]);
await sees("carol has the group and its last message", () => ofCarol.summary.getSnapshot()?.lastMessage?.content.text === "hi all");
await group.update({ name: "Best friends", settings: { allowMemberInvites: true } });
await sees("bob sees each change in its place", () =>
  ofBob.messages.getSnapshot().items.map(({ kind }) => kind).join() === "conversation.created,message,member.added,conversation.updated");
check("bob sees the name", ofBob.summary.getSnapshot().name === "Best friends");
await group.setRole(bobId, "admin");
check("all members are there", (await group.members()).length === 3);

await group.mute();
check("alice muted it for good", group.summary.getSnapshot().muted);
await group.unmute();
check("and no longer", !group.summary.getSnapshot().muted);

const unwatch = alice.presence(bobId).subscribe(() => {});
await sees("bob is there", () => alice.presence(bobId).getSnapshot()?.status === "online");
bob.setPresence("away");
await sees("bob is away", () => alice.presence(bobId).getSnapshot()?.status === "away");
unwatch();
ofBob.typing();
await sees("bob types", () => group.typists.getSnapshot().join() === bobId);
await sees("bob types no longer", () => group.typists.getSnapshot().length === 0);

group.send("seen?");
await sees("it is on bob's device", () => lastOwn() === "DELIVERED");
await ofCarol.accept();
await sees("carol's device counts too", () => carol.unread.getSnapshot().messages > 0);
ofBob.markRead();
ofCarol.markRead();
await sees("all have read it", () => lastOwn() === "READ");
check("nothing is unread", [bob, carol].every((client) => client.unread.getSnapshot().messages === 0));

await ofCarol.leave();
await sees("carol is out", () => carol.conversations.getSnapshot().items.length === 0);
check("carol may not look", (await refusal(ofCarol.members())) === "FORBIDDEN");
ofCarol.send("too late");
await sees("carol's message fails", () => carol.connection.getSnapshot().failedMessages === 1);
check("a name has to be seen", (await refusal(alice.createGroup({ name: "", userIds: [] }))) === "INVALID_REQUEST");
check("alice signs out", (await alice.signOut()).signedOut);
clients.forEach((client) => client.close());
console.log(`three people in a group: ${steps} steps seen by the others`);
