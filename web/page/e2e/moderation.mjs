// People report messages, and a moderator decides. They use accessible names alone.
import { check } from "./scenarios.mjs";
import { equal, tokenOf, unique, until } from "./world.mjs";

const names = (...all) => all.map((name) => `${name}-${Date.now().toString(36)}`);

/** A message is reported, removed by a moderator, and gone at both; its author is warned, then banned for a while. */
export async function moderation(world) {
  await nobodyElseModerates(world);
  const [rude, quiet] = names("rude", "quiet");
  const alice = await world.person(rude);
  const bob = await world.person(quiet);
  const title = unique("Reported");
  await alice.starts(quiet, title);
  await alice.says("hello all");
  await alice.says("you are all rascals");
  await alice.says("and it rains");
  await bob.opens(title);
  equal(await reports(bob, rude, "you are all rascals", "Insult or harassment", "again and again"), "Thank you. Moderators will look at this message.", "the first report");
  equal(await reports(bob, rude, "you are all rascals", "Spam", ""), "You have reported this message. Your first report stands.", "the second report");
  equal(await alice.page.getByRole("button", { name: "Reports" }).count(), 0, "reports of those who do not moderate");

  const carol = await world.person("carol");
  await carol.page.getByRole("button", { name: "Reports" }).click();
  const queue = carol.page.getByRole("region", { name: "Reports" });
  const reported = queue.getByRole("article", { name: `${rude}: you are all rascals` });
  await reported.getByText("again and again").waitFor();
  equal(await reported.getByRole("list", { name: "Reports" }).getByRole("listitem").count(), 1, "one report of one user");
  await reported.getByText("What was said around it").click();
  await reported.getByText(`${rude}: hello all`).waitFor();
  await reported.getByText(`${rude}: and it rains`).waitFor();
  await check(carol.page, "the queue");
  await reported.getByRole("button", { name: "Remove" }).click();
  await reported.waitFor({ state: "detached" });
  for (const person of [alice, bob]) {
    await person.sees(rude, "Removed by a moderator");
    equal(await person.article(rude, "you are all rascals").count(), 0, `what ${person.name} still sees`);
  }
  // What the author takes away in time is seen by moderators all the same.
  await alice.says("fools");
  await bob.sees(rude, "fools");
  await reports(bob, rude, "fools", "Insult or harassment", "");
  await alice.does("Delete", rude, "fools");
  await bob.sees(rude, "This message was deleted");
  const deleted = queue.getByRole("article", { name: `${rude}: This message was deleted` });
  await deleted.getByText("As it was reported").waitFor();
  await deleted.getByText("fools", { exact: true }).waitFor();
  await deleted.getByRole("button", { name: "Warn" }).click();
  const warn = carol.page.getByRole("dialog", { name: "Warn the author" });
  await warn.getByRole("textbox", { name: "What to tell them" }).fill("Be kind, please.");
  await warn.getByRole("button", { name: "Warn" }).click();
  await deleted.waitFor({ state: "detached" });
  const warning = alice.page.getByRole("alert").filter({ hasText: "Be kind, please." });
  await warning.getByText(title).waitFor();
  await alice.page.reload();
  await warning.getByText(title).waitFor();
  await warning.getByRole("button", { name: "Dismiss" }).click();
  await warning.waitFor({ state: "detached" });

  // What another moderator decides on leaves the list, and the focus goes to its heading.
  await alice.says("rain again");
  await bob.sees(rude, "rain again");
  await reports(bob, rude, "rain again", "Spam", "");
  const again = queue.getByRole("article", { name: `${rude}: rain again` });
  await again.getByRole("button", { name: "Dismiss" }).focus();
  await decides(world, { ...(await idsOf(alice, rude, "rain again")), action: "dismiss" });
  await again.waitFor({ state: "detached" });
  await queue.getByText("The message is no longer in this list.").waitFor({ state: "attached" });
  equal(await queue.getByRole("heading", { level: 2 }).evaluate((heading) => heading === document.activeElement), true, "the heading has the focus");

  await reports(bob, rude, "and it rains", "Something else", "");
  const rains = queue.getByRole("article", { name: `${rude}: and it rains` });
  await rains.getByRole("button", { name: "Ban" }).click();
  const ban = carol.page.getByRole("dialog", { name: `Ban ${rude}` });
  await check(carol.page, "a ban");
  await ban.getByRole("combobox", { name: "How long" }).selectOption("For an hour");
  await ban.getByRole("textbox", { name: "Reason" }).fill("insults");
  await ban.getByRole("button", { name: "Ban", exact: true }).click();
  await rains.waitFor({ state: "detached" });
  const closed = alice.page.getByRole("status");
  await closed.getByText(/banned you from all conversations.*Reason: insults.*It ends /).waitFor();
  equal(await alice.page.getByRole("textbox", { name: "Message" }).count(), 0, "fields to write in");
  await alice.page.reload();
  await closed.getByText(/Reason: insults/).waitFor();

  await queue.getByRole("button", { name: "Decided" }).click();
  await queue.getByRole("article", { name: `${rude}: and it rains` }).getByText(/Banned by carol.*: insults/).waitFor();
  await queue.getByRole("button", { name: "Bans" }).click();
  await queue.getByRole("listitem", { name: rude }).getByRole("button", { name: `End the ban of ${rude}` }).click();
  await queue.getByRole("listitem", { name: rude }).waitFor({ state: "detached" });
  await alice.page.getByRole("textbox", { name: "Message" }).waitFor();
  await alice.says("I am sorry");
  await bob.sees(rude, "I am sorry");
}

async function nobodyElseModerates(world) {
  const dora = await world.person("dora");
  await dora.page.goto(new URL("#/reports", world.url).href);
  await dora.page.getByText("Select a conversation").waitFor();
  equal(await dora.page.getByRole("region", { name: "Reports" }).count(), 0, "reports of somebody who does not moderate");
}

/** A message is removed while its conversation is not open: it is not shown there any more, also from what the browser keeps. */
export async function removedUnseen(world) {
  const [rude, quiet] = names("unseen", "reader");
  const alice = await world.person(rude);
  const bob = await world.person(quiet);
  await alice.starts(quiet);
  await alice.says("seen by nobody");
  await bob.line(rude, 1).waitFor();
  await bob.page.reload();
  await bob.isConnected();
  await alice.says("the last word");
  await bob.line(rude, 2).waitFor();
  await decides(world, { ...(await idsOf(alice, rude, "the last word")), action: "remove" });
  await bob.line(rude, 1).waitFor();
  await bob.opens(rude);
  await bob.sees(rude, "Removed by a moderator");
  equal(await bob.article(rude, "the last word").count(), 0, "what bob sees of it");
}

/** A moderator decides, without the page. */
async function decides(world, decision) {
  const answer = await fetch(new URL("api/v1/moderation/decisions", world.url), {
    method: "POST", headers: { Authorization: `Bearer ${await tokenOf(world.url, "carol")}` }, body: JSON.stringify(decision),
  });
  equal(answer.status, 200, "the decision");
}

/** Where a message of somebody's open conversation is found. */
async function idsOf(person, sender, text) {
  const conversationId = new URL(person.page.url()).hash.slice("#/c/".length);
  const token = await tokenOf(new URL(person.page.url()).origin, person.name);
  const answer = await fetch(new URL(`/api/v1/conversations/${conversationId}/messages`, person.page.url()), { headers: { Authorization: `Bearer ${token}` } });
  const { messages } = await answer.json();
  const { messageId } = messages.find(({ senderId, content }) => senderId === sender && content?.text === text);
  return { conversationId, messageId };
}

/** Reports a message, and gives what is answered. */
async function reports(person, sender, text, reason, more) {
  await person.does("Report", sender, text);
  const dialog = person.page.getByRole("dialog", { name: "Report a message" });
  await dialog.getByRole("radio", { name: reason }).check();
  await dialog.getByRole("textbox", { name: "More for the moderators" }).fill(more);
  await dialog.getByRole("button", { name: "Report", exact: true }).click();
  const answer = await dialog.getByRole("status").textContent();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  return answer;
}

/** In a group with premoderation, a message keeps its place while it waits: its sender and admins see it, others once it is released. */
export async function heldMessages(world) {
  const [admin, writer, reader] = names("admin", "writer", "reader");
  const alice = await world.person(admin);
  const bob = await world.person(writer);
  const cid = await world.person(reader);
  const title = unique("Held");
  await alice.starts(`${writer}, ${reader}`, title);
  await alice.page.getByRole("button", { name: "Details" }).click();
  await alice.page.getByRole("checkbox", { name: "Messages wait for a moderator" }).check();
  await until(async () => (await alice.page.getByText(`${admin} changed the settings`).count()) > 0, "the setting is changed");
  await alice.page.keyboard.press("Escape");
  for (const person of [bob, cid]) {
    await person.opens(title);
  }
  await bob.says("may I say something?");
  await bob.says("and something bad");
  for (const person of [alice, bob]) {
    await person.article(writer, "may I say something?").getByText("Waiting for a moderator").waitFor();
  }
  await alice.says("of course");
  await cid.sees(admin, "of course");
  const place = "A message is waiting for a moderator";
  equal(await cid.names(), [place, place, `${admin}: of course`], "what others see of it");

  const carol = await world.person("carol");
  await carol.page.getByRole("button", { name: "Reports" }).click();
  const queue = carol.page.getByRole("region", { name: "Reports" });
  const decide = async (text, decision) => {
    const held = queue.getByRole("article", { name: `${writer}: ${text}` });
    await held.getByText("Held", { exact: true }).waitFor();
    await held.getByRole("button", { name: decision }).click();
    await held.waitFor({ state: "detached" });
  };
  await decide("may I say something?", "Release");
  await decide("and something bad", "Reject");
  const all = [`${writer}: may I say something?`, `${writer}: Removed by a moderator`, `${admin}: of course`];
  for (const person of [alice, bob, cid]) {
    await until(async () => JSON.stringify(await person.names()) === JSON.stringify(all), `${person.name} sees what was decided`);
    equal(await person.page.getByText("Waiting for a moderator").count(), 0, "what still waits");
  }
  await cid.page.reload();
  await until(async () => JSON.stringify(await cid.names()) === JSON.stringify(all), "it is so after a reload");
}

/** A member of a group with slow mode waits between two messages, and sees how long. */
export async function slowMode(world) {
  const [admin, member] = names("admin", "member");
  const alice = await world.person(admin);
  const bob = await world.person(member);
  const title = unique("Slowly");
  await alice.starts(member, title);
  await alice.page.getByRole("button", { name: "Details" }).click();
  await alice.page.getByRole("combobox", { name: /^Slow mode/ }).selectOption("10 seconds");
  await until(async () => (await alice.page.getByText(`${admin} changed the settings`).count()) > 0, "the setting is changed");
  await alice.page.keyboard.press("Escape");
  await bob.opens(title);
  await bob.says("one");
  await alice.sees(member, "one");
  const timer = bob.page.getByRole("timer");
  await timer.getByText(/^Slow mode: your next message is sent in \d+ s$/).waitFor();
  await bob.says("two");
  await bob.seesState("two", "Sending");
  await alice.sees(member, "two");
  await bob.article(member, "two").getByRole("status", { name: "Sending" }).waitFor({ state: "detached" });
  // Admins do not wait.
  await alice.says("three");
  await alice.says("four");
  await bob.sees(admin, "four");
  equal(await alice.page.getByRole("timer").count(), 0, "timers of an admin");
}
