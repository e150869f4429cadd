// What people do at the page, one scenario each. They use accessible names alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { serve } from "../../example/server.mjs";
import { equal, server, tokenOf, unique, until } from "./world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Two people talk: unread, ticks, typing, presence. */
export async function twoPeopleTalk(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  await alice.starts("bob");
  await alice.says("hello bob");
  await alice.seesState("hello bob", "Sent");
  await bob.line("alice", 1).waitFor();
  await bob.opens("alice");
  await bob.sees("alice", "hello bob");
  await until(async () => (await bob.line("alice").getAttribute("aria-label")) === "alice", "it is read");
  const typing = alice.page.getByRole("status", { name: "Typing" });
  // He joins in by his first message; before, she sees nothing of him.
  await bob.says("hello alice");
  await alice.sees("bob", "hello alice");
  await bob.seesState("hello alice", "Read");
  await alice.says("how are you?");
  await alice.seesState("how are you?", "Read");
  await bob.page.getByRole("textbox", { name: "Message" }).pressSequentially("fine", { delay: 30 });
  await until(async () => (await typing.textContent()) === "bob is typing…", "alice sees that bob types");
  await bob.page.getByRole("textbox", { name: "Message" }).fill("");
  await until(async () => (await typing.textContent()) === "", "alice sees that bob types no longer");
  // Who joins in later is seen from the next review on, or by asking again.
  await alice.page.reload();
  await until(async () => (await alice.page.locator(".head-text .quiet").textContent()) === "Online", "alice sees that bob is there");
}

/** What is edited and deleted is so for both, also after a reload; what is refused is as it was. */
export async function changedMessages(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const title = unique("Changes");
  await alice.starts("bob, carol", title);
  await alice.says("helo bob");
  await alice.says("to be deleted");
  await bob.opens(title);
  await bob.says("something rude");
  await alice.sees("bob", "something rude");
  await bob.does("Edit", "bob", "something rude").then(() => bob.page.keyboard.press("Escape"));
  await alice.does("Edit", "alice", "helo bob");
  const field = alice.page.getByRole("textbox", { name: "Message" });
  await until(async () => (await field.inputValue()) === "helo bob", "it stands in the field");
  await field.fill("hello bob");
  await alice.page.getByRole("button", { name: "Save" }).click();
  await bob.article("alice", "hello bob").getByText("edited").waitFor();
  await alice.article("alice", "hello bob").getByText("edited").waitFor();
  await alice.does("Delete", "alice", "to be deleted");
  await bob.sees("alice", "This message was deleted");
  // An admin may take away what others wrote, and nobody else may.
  await bob.article("alice", "hello bob").getByRole("button", { name: "Message actions" }).click();
  equal(await bob.article("alice", "hello bob").getByRole("button", { name: /^(Edit|Delete)$/ }).count(), 0, "what bob may do with it");
  await bob.page.keyboard.press("Escape");
  await alice.does("Delete", "bob", "something rude");
  const all = ["alice: hello bob", "alice: This message was deleted", "bob: This message was deleted"];
  await until(async () => JSON.stringify(await bob.names()) === JSON.stringify(all), "bob sees all of it");
  for (const person of [alice, bob]) {
    await until(async () => (await person.line(title).textContent()).includes("hello bob"), `${person.name}'s list shows the last one that stands`);
    await person.page.reload();
    await until(async () => JSON.stringify(await person.names()) === JSON.stringify(all), `${person.name} sees the same after a reload`);
  }
  await alice.isConnected();
  await alice.page.context().setOffline(true);
  await until(async () => (await alice.connection.textContent()) === "Offline", "alice is offline");
  await alice.does("Delete", "alice", "hello bob");
  await alice.page.getByRole("alert").getByText("You are offline").waitFor();
  await alice.sees("alice", "hello bob");
}

/** Messages that quote others; people are called what their profiles say. */
export async function quotesAndNames(world) {
  const guest = `Ann Lee ${Date.now() % 10_000}`;
  const ann = await world.person(guest);
  const bob = await world.person("bert");
  const title = unique("Quotes");
  await ann.starts("bert", title);
  await ann.says("which one?");
  await bob.opens(title);
  // He joined in by nothing yet, and so sees no more of her than her id.
  await bob.page.getByRole("button", { name: "Join in" }).click();
  await bob.page.getByRole("button", { name: "Join in" }).waitFor({ state: "detached" });
  await bob.page.reload();
  await bob.sees(guest, "which one?");
  await bob.does("Reply", guest, "which one?");
  await bob.page.getByText(`Replying to ${guest}`).waitFor();
  await bob.says("the blue one");
  const quote = ann.article("bert", "the blue one").getByRole("button", { name: `In reply to ${guest}: which one?` });
  await quote.click();
  await ann.log.locator(".marked").getByText("which one?").waitFor();
  await ann.does("Delete", guest, "which one?");
  await bob.article("bert", "the blue one").getByRole("button", { name: `In reply to ${guest}: This message was deleted` }).waitFor();
  await bob.page.getByRole("button", { name: "Your profile" }).click();
  await bob.page.getByRole("dialog", { name: "Your profile" }).getByRole("textbox", { name: "Name" }).fill("Bert of Bonn");
  await bob.page.getByRole("button", { name: "Save" }).click();
  await ann.page.reload();
  await ann.sees("Bert of Bonn", "the blue one");
  await bob.page.getByRole("button", { name: "Your profile" }).click();
  await bob.page.getByRole("dialog", { name: "Your profile" }).getByRole("textbox", { name: "Name" }).fill("bert");
  await bob.page.getByRole("button", { name: "Save" }).click();
}

/** Somebody is mentioned by a name that is completed, and sees that without opening the conversation. */
export async function mentions(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const title = unique("Mentions");
  await alice.starts("bob, bobby, carol", title);
  const field = alice.page.getByRole("textbox", { name: "Message" });
  await field.pressSequentially("ask @bo", { delay: 20 });
  const list = alice.page.getByRole("listbox", { name: "People to mention" });
  equal(await list.getByRole("option").count(), 2, "those who are offered");
  await field.press("ArrowDown");
  await field.press("ArrowUp");
  await field.press("Enter");
  equal(await field.inputValue(), "ask @bob ", "the completed text");
  await field.press("Enter");
  await alice.seesState("ask @bob", "Sent");
  await alice.says("and now without a name");
  const line = bob.line(title, 2);
  await line.getByTitle("You are mentioned").waitFor();
  await bob.opens(title);
  await bob.sees("alice", "ask @bob");
  equal(await bob.article("alice", "ask @bob").locator(".mention").textContent(), "@bob", "what is marked");
  await until(async () => (await bob.line(title).getByTitle("You are mentioned").count()) === 0, "it is read");
}

/** What one keeps of a conversation for oneself is so on all one's devices. */
export async function personalState(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const title = unique("Personal");
  await bob.starts("alice", title);
  await bob.says("later, please");
  await alice.opens(title);
  await alice.sees("bob", "later, please");
  const details = async (person, button) => {
    await person.page.getByRole("button", { name: "Details" }).click();
    await person.page.getByRole("dialog", { name: "Details" }).getByRole("button", { name: button, exact: true }).click();
  };
  const other = await world.person("alice");
  await details(alice, "Pin to the top");
  await other.line(title).getByTitle("Pinned").waitFor();
  await alice.page.keyboard.press("Escape");
  await details(alice, "Mark as unread");
  await alice.line(title, 1).waitFor();
  await other.line(title, 1).waitFor();
  await other.opens(title);
  await until(async () => (await alice.line(title).getAttribute("aria-label")) === title, "it is read on the other device");
  await other.page.getByRole("textbox", { name: "Message" }).fill("half a thought");
  await other.page.getByRole("button", { name: "Details" }).focus();
  await alice.line(title).getByText("Draft: half a thought").waitFor();
  await alice.opens(title);
  await until(async () => (await alice.page.getByRole("textbox", { name: "Message" }).inputValue()) === "half a thought", "the draft is there");
  await alice.page.getByRole("button", { name: "Send" }).click();
  await bob.opens(title);
  await bob.sees("alice", "half a thought");
  await details(alice, "Archive");
  await alice.line(title).waitFor({ state: "detached" });
  await bob.says("archived stays archived");
  await alice.page.reload();
  await alice.isConnected();
  await alice.page.getByRole("button", { name: /^Archived/ }).click();
  await alice.line(title).click();
  await alice.sees("bob", "archived stays archived");
  await details(alice, "Unarchive");
  await alice.page.getByRole("button", { name: /^Archived/ }).waitFor({ state: "detached" });
  await alice.line(title).waitFor();
}

/** A thread beside the conversation: its replies for both, and only those in the conversation that are to be there. */
export async function threads(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const title = unique("Threads");
  await alice.starts("bob", title);
  await alice.says("where shall we meet?");
  await bob.opens(title);
  await bob.sees("alice", "where shall we meet?");
  const panel = (person) => person.page.getByRole("complementary", { name: "Thread" });
  const replies = (person) => panel(person).getByRole("log", { name: "Replies" }).getByRole("article");
  const names = (person) => replies(person).evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  const reply = async (person, text) => {
    await panel(person).getByRole("textbox", { name: "Reply in the thread" }).fill(text);
    await panel(person).getByRole("button", { name: "Send the reply" }).click();
  };
  await bob.does("Reply in a thread", "alice", "where shall we meet?");
  await panel(bob).getByText("No replies yet").waitFor();
  await reply(bob, "at the Savoy");
  await alice.article("alice", "where shall we meet?").getByRole("button", { name: /^1 reply/ }).click();
  await until(async () => JSON.stringify(await names(alice)) === JSON.stringify(["alice: where shall we meet?", "bob: at the Savoy"]), "alice reads the thread");
  await reply(alice, "at seven");
  await panel(alice).getByRole("checkbox", { name: "Also in the conversation" }).check();
  await reply(alice, "so, Savoy at seven");
  await until(async () => (await names(bob)).length === 4, "bob sees it as it comes");
  equal((await names(bob)).slice(2), ["alice: at seven", "alice: so, Savoy at seven"], "what bob reads");
  await panel(bob).getByRole("article", { name: "alice: at seven" }).getByRole("status", { name: "Sent" }).waitFor({ state: "detached" });
  equal(await bob.names(), ["alice: where shall we meet?", "alice: so, Savoy at seven"], "what stands in the conversation");
  const edited = panel(alice).getByRole("article", { name: "alice: at seven", exact: true });
  await edited.getByRole("button", { name: "Message actions" }).click();
  await edited.getByRole("button", { name: "Edit" }).click();
  await until(async () => (await panel(alice).getByRole("textbox").inputValue()) === "at seven", "it stands in the field");
  await panel(alice).getByRole("textbox").fill("at eight");
  await panel(alice).getByRole("button", { name: "Save" }).click();
  await panel(bob).getByRole("article", { name: "alice: at eight" }).waitFor();
  await bob.page.reload();
  await bob.article("alice", "where shall we meet?").getByRole("button", { name: /^3 replies/ }).click();
  await until(async () => (await names(bob))[2] === "alice: at eight", "it is so after a reload");
  await bob.page.keyboard.press("Escape");
  await panel(bob).waitFor({ state: "detached" });
  // A follower sees new replies in every view, until they are read.
  await panel(alice).getByRole("button", { name: "Close the thread" }).click();
  await panel(alice).waitFor({ state: "detached" });
  await bob.article("alice", "where shall we meet?").getByRole("button", { name: /^3 replies/ }).click();
  await reply(bob, "or at nine");
  await alice.page.getByRole("button", { name: "Threads, 1 with new replies" }).click();
  await alice.page.getByRole("dialog", { name: "Threads" }).getByRole("listitem", { name: "alice: where shall we meet?, 1 new reply" }).getByRole("button").click();
  await panel(alice).getByRole("article", { name: "bob: or at nine" }).waitFor();
  await alice.page.getByRole("button", { name: "Threads", exact: true }).waitFor();
  await panel(alice).getByRole("button", { name: "Following" }).click();
  await panel(alice).getByRole("button", { name: "Follow", exact: true }).waitFor();
  await alice.page.getByRole("button", { name: "Threads", exact: true }).waitFor({ state: "detached" });
}

/** Reactions are counted for both, and what is pinned is marked, also after a reload. */
export async function reactionsAndPins(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const title = unique("Reactions");
  await alice.starts("bob", title);
  await alice.says("cake on Thursday");
  await bob.opens(title);
  await bob.does("React with 🎉", "alice", "cake on Thursday");
  const reaction = (person, name) => person.article("alice", "cake on Thursday").getByRole("button", { name, exact: true });
  await reaction(alice, "🎉, 1").click();
  await reaction(bob, "🎉, 2").waitFor();
  equal(await reaction(bob, "🎉, 2").getAttribute("aria-pressed"), "true", "bob's own is marked");
  await reaction(bob, "🎉, 2").click();
  await reaction(alice, "🎉, 1").waitFor();
  await alice.does("Pin", "alice", "cake on Thursday");
  await bob.article("alice", "cake on Thursday").getByTitle("Pinned").waitFor();
  await bob.page.reload();
  await reaction(bob, "🎉, 1").waitFor();
  await bob.article("alice", "cake on Thursday").getByTitle("Pinned").waitFor();
  await bob.page.getByRole("button", { name: "Pinned messages" }).click();
  await bob.page.getByRole("dialog", { name: "Pinned messages" }).getByRole("listitem", { name: "alice: cake on Thursday" }).getByRole("button").click();
  await bob.log.locator(".marked").getByText("cake on Thursday").waitFor();
}

/** Who is blocked writes in vain, until that ends. */
export async function blocks(world) {
  const mark = Date.now().toString(36);
  const [blocking, blocked] = [`blocking-${mark}`, `blocked-${mark}`];
  const alice = await world.person(blocking);
  const bob = await world.person(blocked);
  await bob.starts(blocking);
  await bob.says("hello?");
  const title = unique("Blocked");
  await alice.starts(blocked, title);
  await alice.says("a group of both");
  await alice.opens(blocked);
  const press = async (button) => {
    await alice.page.getByRole("button", { name: "Details" }).click();
    const dialog = alice.page.getByRole("dialog", { name: "Details" });
    await dialog.getByRole("button", { name: button, exact: true }).click();
    await dialog.getByRole("button", { name: button === "Block" ? "Unblock" : "Block", exact: true }).waitFor();
    await alice.page.keyboard.press("Escape");
  };
  await press("Block");
  await bob.says("are you there?");
  await bob.seesState("are you there?", "Failed");
  // In a group both write on; what one does not want to see is shown on demand.
  await bob.opens(title);
  await bob.says("here, then");
  await alice.opens(title);
  const hidden = alice.log.getByRole("article", { name: "Message of a blocked person" });
  await hidden.getByRole("button", { name: "Show" }).click();
  await alice.sees(blocked, "here, then");
  await until(async () => (await alice.line(title).textContent()).includes("Message of a blocked person"), "the list does not show it");
  await alice.opens(blocked);
  await bob.opens(blocking);
  await press("Unblock");
  await bob.page.getByRole("button", { name: "Retry" }).click();
  await alice.sees(blocked, "are you there?");
}

/** A browser that keeps nothing and has a wrong clock talks all the same, and texts of any kind are shown. */
export async function badSurroundings(world) {
  const context = await world.profile({ serviceWorkers: "block" });
  await context.addInitScript(() => {
    const forbidden = { get: () => { throw new DOMException("forbidden", "SecurityError"); } };
    Object.defineProperty(window, "indexedDB", forbidden);
    Object.defineProperty(window, "localStorage", forbidden);
    const now = Date.now;
    Date.now = () => now() + 400 * 86_400_000;
  });
  const page = await world.page(context);
  const bob = await world.person("bob");
  await world.signIn(page, "forgetful");
  const forgetful = bob.at(page, "forgetful");
  await forgetful.isConnected();
  await forgetful.starts("bob");
  const texts = ["שלום עולם, أهلا وسهلا", "z\u0351\u0363a\u0489\u034al\u0334g\u0321o\u0322".repeat(50), "👩‍👩‍👧‍👦".repeat(500)];
  for (const text of texts) {
    await forgetful.says(text);
    await forgetful.seesState(text, "Sent");
  }
  await bob.opens("forgetful");
  for (const text of texts) {
    await bob.sees("forgetful", text);
  }
  equal(await bob.log.evaluate((log) => log.scrollWidth > log.clientWidth), false, "whether they widen the list");
  await page.getByRole("textbox", { name: "Message" }).fill("🪟".repeat(10_000));
  await page.getByText("6000 characters too long").waitFor();
  equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true, "whether it cannot be sent");
}

/** Nothing of a message becomes markup or script. */
export async function markupStaysText(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  await alice.starts("bob");
  const bad = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1) <b>x</b>`;
  await alice.says(bad);
  await bob.opens("alice");
  await bob.sees("alice", bad);
  equal(await bob.article("alice", bad).locator(".bubble img, .bubble script, .bubble b, .bubble a").count(), 0, "elements made of a message");
  await alice.says("see https://example.com/a?b=c. and `code`");
  const link = bob.article("alice", "see https://example.com/a?b=c. and `code`").getByRole("link");
  equal(await link.getAttribute("href"), "https://example.com/a?b=c", "the link");
  equal(await link.getAttribute("rel"), "noopener noreferrer nofollow", "what the link gives away");
  const long = "x".repeat(3_990);
  await alice.says(long);
  await bob.sees("alice", long);
  equal(await bob.log.evaluate((log) => log.scrollWidth > log.clientWidth), false, "whether a long word widens the list");
  equal(await bob.page.evaluate(() => window.hacked ?? null), null, "whether it ran");
}

/** What is written offline waits over a reload, and arrives once and in order. */
export async function offlineQueueSurvivesAReload(world) {
  const alice = await world.person("offline-alice");
  const bob = await world.person("bob");
  await alice.starts("bob");
  await alice.says("before");
  await alice.seesState("before", "Sent");
  await bob.opens("offline-alice");
  await alice.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await alice.page.context().setOffline(true);
  for (const text of ["one", "two", "three"]) {
    await alice.says(text);
    await alice.seesState(text, "Sending");
  }
  await until(async () => /^Offline: 3 waiting$/.test(await alice.connection.textContent()), "it says that three wait");
  await alice.page.reload();
  for (const text of ["before", "one", "two", "three"]) {
    await alice.sees("offline-alice", text);
  }
  await until(async () => /^(Offline|Reconnecting): 3 waiting$/.test(await alice.connection.textContent()), "three still wait");
  await alice.says("four");
  await alice.page.context().setOffline(false);
  const all = ["before", "one", "two", "three", "four"].map((text) => `offline-alice: ${text}`);
  await until(async () => (await bob.names()).length === 5, "all arrive");
  equal(await bob.names(), all, "what bob has");
  await alice.isConnected();
  equal(await alice.names(), all, "what alice has");
}

/** The server is killed amid a talk and comes back. */
export async function serverComesBack(world) {
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  await alice.starts("bob, carol", "Restart");
  await alice.says("before the crash");
  await bob.opens("Restart");
  await bob.sees("alice", "before the crash");
  await server("kill");
  await until(async () => (await alice.connection.textContent()) !== "Online", "alice notices");
  await alice.says("while it is away");
  await bob.says("I wait, too");
  await alice.seesState("while it is away", "Sending");
  await server("start");
  // Who was away for long waits up to half a minute before the next attempt.
  await alice.article("alice", "while it is away").getByRole("status", { name: "Sent" }).waitFor({ timeout: 60_000 });
  await bob.article("alice", "while it is away").waitFor({ timeout: 60_000 });
  await alice.sees("bob", "I wait, too");
  await alice.says("after it");
  await bob.sees("alice", "after it");
  const names = await bob.names();
  equal([...new Set(names)].length, names.length, "messages that are there once");
  await until(async () => JSON.stringify(await alice.names()) === JSON.stringify(await bob.names()), "both see one order");
}

/** Where WebSockets are blocked it goes by events; where these are too, by polls. */
export async function otherWaysIn(world) {
  const bob = await world.person("bob");
  const enter = async (name, blocked) => {
    const context = await world.profile({ serviceWorkers: "block" });
    await context.routeWebSocket(/\/ws/, (socket) => socket.close({ code: 1011 }));
    for (const path of blocked) {
      await context.route(path, (route) => route.abort());
    }
    const page = await world.page(context);
    await world.signIn(page, name);
    const person = bob.at(page, name);
    await person.isConnected();
    await person.starts("bob");
    await person.says(`hello from ${name}`);
    return person;
  };
  const people = await Promise.all([enter("by-events", []), enter("by-polls", ["**/events**"])]);
  for (const person of people) {
    const { name } = person;
    await bob.opens(name);
    await bob.sees(name, `hello from ${name}`);
    await bob.says(`I hear you, ${name}`);
    await person.sees("bob", `I hear you, ${name}`);
    await person.says("good");
    await person.seesState("good", "Read");
  }
}

/** Two tabs of one person show the same, once. */
export async function twoTabs(world) {
  const alice = await world.person("tabs-alice");
  const bob = await world.person("bob");
  await alice.starts("bob");
  await alice.says("from the first tab");
  const other = alice.at(await world.page(alice.page.context()), "tabs-alice");
  await other.page.goto(alice.page.url());
  await other.sees("tabs-alice", "from the first tab");
  await other.says("from the second tab");
  await alice.sees("tabs-alice", "from the second tab");
  await bob.opens("tabs-alice");
  await bob.sees("tabs-alice", "from the second tab");
  await bob.says("hello both");
  await alice.sees("bob", "hello both");
  await other.sees("bob", "hello both");
  await alice.page.close();
  await other.says("alone again");
  await other.seesState("alone again", "Read");
  const all = ["tabs-alice: from the first tab", "tabs-alice: from the second tab", "bob: hello both", "tabs-alice: alone again"];
  equal(await other.names(), all, "what the second tab has");
  await until(async () => (await bob.names()).length === 4, "bob has all");
  equal(await bob.names(), all, "what bob has");
}

/** The chat in another website: in its colors, under its policy, and only where the tenant names that website. */
export async function embedded(world) {
  const { origin } = new URL(world.url);
  const port = Number(process.env.EXAMPLE_PORT);
  const name = `shopper-${Date.now().toString(36)}`;
  const website = await serve({ server: origin, port, token: (user) => tokenOf(world.url, user) });
  try {
    const bob = await world.person("bob");
    const page = await world.page(await world.profile());
    const open = async (host) => {
      await page.goto(`http://${host}:${port}`);
      await page.getByRole("textbox", { name: "You are" }).fill(name);
      await page.getByRole("button", { name: "Open the chat" }).click();
    };
    await open("localhost");
    const shopper = bob.at(page, name);
    await shopper.isConnected();
    await shopper.says("is the lamp still there?");
    await shopper.seesState("is the lamp still there?", "Sent");
    await bob.opens(name);
    await bob.sees(name, "is the lamp still there?");
    await bob.says("it is");
    await shopper.sees("bob", "it is");
    await shopper.seesState("is the lamp still there?", "Read");
    await page.getByText("The chat is there.").waitFor();
    const bubble = shopper.article(name, "is the lamp still there?").locator(".bubble");
    equal(await bubble.evaluate((each) => getComputedStyle(each).backgroundColor), "rgb(138, 59, 18)", "the color of the website");
    await open("127.0.0.1");
    await page.getByRole("alert").getByText("This website is not allowed").waitFor();
    await page.getByText("The chat says: origin").waitFor();
  } finally {
    website.closeAllConnections();
    website.close();
  }
}

/** A long conversation is walked to its beginning and back, and what is in sight keeps its place. */
export async function longConversation(world) {
  const count = Number(process.env.LONG ?? 10_000);
  const title = unique("Long");
  const token = await tokenOf(world.url, "long-bob");
  const { conversationId } = await api(world, token, "POST", "groups", { name: title, participantIds: ["long-alice"] });
  const quiet = await world.page(await world.profile());
  await quiet.goto(world.url);
  for (let from = 1; from <= count; from += FILL_MAX) {
    await quiet.evaluate(fill, [token, conversationId, from, Math.min(count, from + FILL_MAX - 1)]);
  }
  const own = await tokenOf(world.url, "long-alice");
  await api(world, own, "POST", `conversations/${conversationId}/read`, { upToSequence: count + 1 });
  const alice = await world.person("long-alice");
  await alice.opens(title);
  await alice.sees("long-bob", `number ${count}`);
  await alice.log.focus();
  const beginning = alice.log.getByText("This is the beginning of the conversation.");
  let moved = 0;
  for (let i = 0; i < count && (await beginning.count()) === 0; i++) {
    moved = Math.max(moved, await alice.log.evaluate(scrollUpAndCompare));
  }
  await alice.sees("long-bob", "number 1");
  equal(moved <= 2, true, `what is in sight moved by ${moved} px while older messages came`);
  equal((await alice.log.getByRole("article").count()) < 150, true, "only what is near is in the document");
  const atEnd = async () => alice.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2);
  for (let i = 0; i < count && !(await atEnd()); i++) {
    await alice.log.evaluate((log) => log.scrollBy(0, 50_000));
  }
  await alice.sees("long-bob", `number ${count}`);
  await alice.page.keyboard.press("Home");
  await alice.sees("long-bob", "number 1");
  await alice.page.getByRole("button", { name: "Jump to latest" }).click();
  await alice.sees("long-bob", `number ${count}`);
  await until(atEnd, "it is at the end");
}

/** Runs in the page: scrolls to what is there first, and gives how far a message in sight moved by itself until it was quiet. */
async function scrollUpAndCompare(log) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  log.scrollTop = 0;
  await frame();
  await frame();
  const frameTop = log.getBoundingClientRect().top;
  const seen = [...log.querySelectorAll("article")].find((each) => each.getBoundingClientRect().top >= frameTop);
  const key = seen?.getAttribute("aria-label");
  const before = seen?.getBoundingClientRect().top;
  for (let i = 0; i < 6; i++) {
    await frame();
  }
  const after = [...log.querySelectorAll("article")].find((each) => each.getAttribute("aria-label") === key)?.getBoundingClientRect().top;
  return before === undefined || after === undefined ? 0 : Math.abs(after - before);
}

/** Frames that a new connection may send as fast as it can. */
const FILL_MAX = 950;

/** Runs in the page: sends so many messages over one socket, in order, of different lengths. */
async function fill([token, conversationId, from, to]) {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`, ["milena.v1", token]);
  let acked = from - 1;
  let sent = from - 1;
  await new Promise((resolve, reject) => {
    const send = () => {
      while (sent < to && sent - acked < 200) {
        sent++;
        const text = sent % 7 === 0 ? `number ${sent}`.padEnd(300, " and on") : `number ${sent}`;
        socket.send(JSON.stringify({ type: "message.send", payload: { conversationId, messageId: `long-${sent}`, content: { type: "text", text } } }));
      }
    };
    socket.onmessage = (event) => {
      const frame = JSON.parse(event.data);
      if (frame.type === "connected") {
        send();
      } else if (frame.type === "message.ack") {
        acked++;
        send();
        if (acked === to) {
          socket.close();
          resolve();
        }
      } else if (frame.type === "error") {
        reject(new Error(event.data));
      }
    };
    socket.onclose = () => reject(new Error("closed"));
  });
}

/** Somebody in very many conversations finds them all, and what comes is at the top soon. */
export async function manyConversations(world) {
  const count = Number(process.env.MANY ?? 2_000);
  const token = await tokenOf(world.url, "many-bob");
  let made = 0;
  const make = async () => {
    while (made < count) {
      const name = `Talk ${++made}`;
      await api(world, token, "POST", "groups", { name, participantIds: ["many-alice"] });
    }
  };
  await Promise.all(Array.from({ length: 40 }, make));
  const alice = await world.person("many-alice");
  const lines = alice.page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
  await until(async () => (await lines.count()) === count, "all are listed");
  const bob = await world.person("many-bob");
  const last = await lines.last().getAttribute("aria-label");
  await until(async () => (await bob.line(last).count()) === 1, "bob has it, too");
  await bob.opens(last);
  await bob.says("up it goes");
  await until(async () => (await lines.first().getAttribute("aria-label")) === `${last}, 1 unread`, "it is at the top");
  await alice.opens(last);
  await alice.sees("many-bob", "up it goes");
}

/** However the server ends a connection, the page says why in plain words. */
export async function closeCodes(world) {
  const why = {
    1006: "The server cannot be reached.",
    1012: "The server restarts.",
    1013: "The server is busy.",
    1007: "The server could not read what this page sent.",
    1009: "The server could not read what this page sent.",
    4400: "The server could not read what this page sent.",
    4408: "Nothing was heard of this page for too long.",
    4429: "Too much was sent too fast.",
    "4401 origin": "This website is not allowed to use this server.",
    "4401 token bad": "The server did not take the sign-in.",
    "4401 token expired": "The server did not take the sign-in.",
    "4401 signed out": "You were signed out.",
    "4401 revoked": "Your sign-in was ended on all devices.",
  };
  const closed = async ([how, words], i) => {
    const [, code, reason] = /^(\d+) ?(.*)$/.exec(how);
    const context = await world.profile({ serviceWorkers: "block" });
    for (const path of ["**/events**", "**/poll**"]) {
      await context.route(path, (route) => route.abort());
    }
    await context.routeWebSocket(/\/ws/, (socket) => socket.close({ code: Number(code), reason }));
    const page = await world.page(context);
    await world.signIn(page, `closed-${i}`);
    await page.getByText(words).first().waitFor();
  };
  await Promise.all(Object.entries(why).map(closed));
}

/** A server that is slow, or says what nobody understands, leaves a page that says so and works again once that ends. */
export async function badServer(world) {
  const bob = await world.person("bob");
  const title = unique("Bad server");
  await bob.starts("patient", title);
  await bob.says("hello");
  const context = await world.profile({ serviceWorkers: "block" });
  let how = "slow";
  let asked = 0;
  await context.route("**/api/**", async (route) => {
    if (how === "slow") {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    const kinds = ["<html>502</html>", "{}", "null", '{"conversations":[{}],"messages":[{"kind":"message"}],"hasMore":false,"expired":[]}'];
    await (how === "garbage" ? route.fulfill({ status: 200, body: kinds[asked++ % kinds.length] }) : route.continue()).catch(() => undefined);
  });
  let socket = null;
  await context.routeWebSocket(/\/ws/, (ws) => {
    socket = ws;
    ws.connectToServer();
  });
  const page = await world.page(context);
  await world.signIn(page, "patient");
  const patient = bob.at(page, "patient");
  await page.getByText("Loading conversations…").waitFor();
  await patient.opens(title);
  await patient.sees("bob", "hello");
  how = "garbage";
  for (const frame of ["", "[]", "<html>", '{"type":"message.new"}', '{"type":"message.new","payload":{"conversationId":5,"sequenceNumber":-1}}', '{"type":"conversation.updated","payload":{}}', '{"type":"resync","payload":{"conversationIds":7}}']) {
    socket.send(frame);
  }
  await page.reload();
  await patient.says("can you read this?");
  how = "well";
  await patient.sees("patient", "can you read this?");
  await bob.opens(title);
  await bob.sees("patient", "can you read this?");
  await bob.says("I can");
  await patient.sees("bob", "I can");
  await patient.isConnected();
}

/** A call of the server's own. */
async function api(world, token, method, path, body) {
  const answer = await fetch(new URL(`/api/v1/${path}`, world.url), {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  }
  return answer.json();
}

/** Nothing serious for people who cannot see it, or not well; and the keyboard does it all. */
export async function accessible(world) {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", viewport: { width: 390, height: 780 } }]) {
    const context = await world.profile(options);
    const first = await world.page(context);
    await first.goto(world.url);
    await first.getByRole("textbox", { name: "Your name" }).waitFor();
    await check(first, "signing in");
    await context.close();
    const alice = await world.person(`axe-${options.colorScheme}`, options);
    const page = alice.page;
    // What appears slowly has little contrast meanwhile.
    await until(async () => (await page.locator(".slow").count()) === 0, "the list is loaded");
    await check(page, "an empty list");
    // By keys alone.
    await page.getByRole("button", { name: "New conversation" }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "New conversation" }).waitFor();
    await check(page, "a dialog");
    await page.keyboard.type("bob");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.type("hello by keys");
    await page.keyboard.press("Enter");
    await alice.seesState("hello by keys", "Sent");
    await check(page, "a conversation");
    await page.getByRole("button", { name: "Details" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Details" }).getByRole("listitem", { name: "bob" }).waitFor();
    await check(page, "details");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Details" }).waitFor({ state: "detached" });
  }
}

export async function check(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  equal(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" · ")}`),
    [],
    `what axe finds at ${where}`,
  );
}
