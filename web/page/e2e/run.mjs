// Runs the scenarios against the server at MILENA_URL, one after the other, and says how each went.
import * as scenarios from "./scenarios.mjs";
import { World } from "./world.mjs";

const only = process.argv.slice(2);
const all = [
  "twoPeopleTalk",
  "changedMessages",
  "quotesAndNames",
  "mentions",
  "personalState",
  "threads",
  "reactionsAndPins",
  "blocks",
  "badSurroundings",
  "markupStaysText",
  "offlineQueueSurvivesAReload",
  "otherWaysIn",
  "twoTabs",
  "embedded",
  "longConversation",
  "accessible",
  "serverComesBack",
];

const world = await World.open(process.env.MILENA_URL);
let failed = 0;
for (const name of all.filter((each) => only.length === 0 || only.includes(each))) {
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
await world.browser.close();
process.exit(failed === 0 ? 0 : 1);
