// Runs the scenarios against the server at MILENA_URL and says how each went: those of one lane one after the other, the
// lanes side by side.
import { closePushService, devices, pushes, shownPushes } from "./push.mjs";
import { heldMessages, moderation, removedUnseen, slowMode } from "./moderation.mjs";
import * as chat from "./scenarios.mjs";
import { World } from "./world.mjs";

const scenarios = { ...chat, devices, heldMessages, moderation, pushes, removedUnseen, shownPushes, slowMode };
const only = process.argv.slice(2);
// People of one name are in one lane; but "bob", whom all talk with, is the same for all.
const LANES = [
  ["twoPeopleTalk", "changedMessages", "mentions", "personalState", "threads", "reactionsAndPins", "markupStaysText", "accessible", "blocks"],
  ["longConversation", "quotesAndNames", "moderation", "removedUnseen", "slowMode", "badSurroundings", "offlineQueueSurvivesAReload", "twoTabs"],
  ["manyConversations", "otherWaysIn", "embedded", "badServer", "closeCodes", "shownPushes", "devices", "pushes", "heldMessages"],
];
const LAST = ["serverComesBack"];

let failed = 0;
const first = await World.open(process.env.MILENA_URL);

async function run(lane) {
  const world = new World(first.url, first.browser);
  for (const name of lane.filter((each) => only.length === 0 || only.includes(each))) {
    const begun = Date.now();
    try {
      await scenarios[name](world);
      const problems = world.problems.splice(0);
      if (problems.length > 0) {
        throw new Error(problems.join("; "));
      }
      console.log(`ok ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed++;
      console.log(`failed ${name}: ${String(error.stack ?? error).replaceAll("\n", " | ").slice(0, 2_000)}`);
    }
    await world.leave();
  }
}

await Promise.all(LANES.map(run));
await run(LAST);
await first.browser.close();
closePushService();
process.exit(failed === 0 ? 0 : 1);
