// What the scenarios share: the browser, people in it, and the server that the test which runs this holds.
import { createInterface } from "node:readline";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PATIENCE_MS = 20_000;
const TOO_MANY = 429;
const TURN_MS = 300;
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium of this machine; null where there is none. */
export function findChromium() {
  return places.find((path) => path && existsSync(path)) ?? null;
}

const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();

/** Asks the test that runs this to do something with the server, and waits until it is done. */
export async function server(what) {
  console.log(`@${what}`);
  const { value, done } = await answers.next();
  if (done || value !== "done") {
    throw new Error(`the server could not ${what}: ${value}`);
  }
}

export class World {
  constructor(url, browser) {
    this.url = url;
    this.browser = browser;
    this.contexts = [];
    this.problems = [];
  }

  static async open(url) {
    const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    return new World(url, browser);
  }

  /** A browser profile of its own, whose faults are noted. */
  async profile(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1100, height: 760 }, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    this.contexts.push(context);
    return context;
  }

  async page(context) {
    const page = await context.newPage();
    page.on("pageerror", (error) => this.problems.push(`page error: ${error.message}`));
    page.on("console", (message) => {
      if (/Content Security Policy|TrustedScript|Trusted Type/i.test(message.text())) {
        this.problems.push(`refused by the policy: ${message.text()}`);
      }
    });
    return page;
  }

  /** Somebody at the chat page, signed in. */
  async person(name, options) {
    const context = await this.profile(options);
    const page = await this.page(context);
    await this.signIn(page, name);
    const person = new Person(page, name);
    await person.isConnected();
    return person;
  }

  /** Signs somebody in at a page, as soon as not too many others do. */
  async signIn(page, name) {
    await page.goto(this.url);
    await page.getByRole("textbox", { name: "Your name" }).fill(name);
    const press = async () => {
      const [answer] = await Promise.all([page.waitForResponse(/\/dev\/token$/), page.getByRole("button", { name: "Sign in" }).click()]);
      return answer.status() !== TOO_MANY;
    };
    while (!(await press())) {
      await pause(TURN_MS);
    }
  }

  async leave() {
    for (const context of this.contexts.splice(0)) {
      await context.close();
    }
  }
}

export class Person {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.log = page.getByRole("log", { name: "Messages", exact: true });
    this.connection = page.getByRole("status", { name: "Connection" });
  }

  /** The same kind of person at another page. */
  at(page, name) {
    return new Person(page, name);
  }

  async isConnected() {
    await until(async () => (await this.connection.textContent()) === "Online", `${this.name} is online`);
  }

  async starts(people, groupName = "") {
    await this.page.getByRole("button", { name: "New conversation" }).first().click();
    const dialog = this.page.getByRole("dialog", { name: "New conversation" });
    await dialog.getByRole("textbox", { name: "People" }).fill(people);
    if (groupName !== "") {
      await dialog.getByRole("textbox", { name: "Group name" }).fill(groupName);
    }
    await dialog.getByRole("button", { name: "Start" }).click();
    await dialog.waitFor({ state: "detached" });
    await this.page.getByRole("textbox", { name: "Message" }).waitFor();
  }

  async opens(title) {
    await this.line(title).getByRole("link").click();
    await this.log.waitFor();
  }

  /** The line of a conversation, with so many unread messages or with any number of them. */
  line(title, unread = null) {
    const name = unread === null ? new RegExp(`^${title}(, \\d+ unread)?$`) : new RegExp(`^${title}, ${unread} unread$`);
    return this.page.getByRole("list", { name: "Conversations" }).getByRole("listitem", { name });
  }

  async says(text) {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.getByRole("button", { name: "Send" }).click();
  }

  article(sender, text) {
    return this.log.getByRole("article", { name: `${sender}: ${text}`, exact: true });
  }

  async sees(sender, text) {
    await this.article(sender, text).first().waitFor();
  }

  async seesState(text, state) {
    await this.article(this.name, text).getByRole("status", { name: state, exact: true }).waitFor();
  }

  /** Does something with a message by its menu. */
  async does(action, sender, text) {
    const article = this.article(sender, text);
    await article.getByRole("button", { name: "Message actions" }).click();
    await article.getByRole("button", { name: action, exact: true }).click();
  }

  /** Names of all messages in sight of the list, in their order. */
  async names() {
    return this.log.getByRole("article").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds. */
export async function until(condition, what, patienceMs = PATIENCE_MS) {
  const deadline = Date.now() + patienceMs;
  let last;
  while (Date.now() < deadline) {
    try {
      last = undefined;
      if (await condition()) {
        return;
      }
    } catch (error) {
      last = error;
    }
    await pause(50);
  }
  throw new Error(`did not come about: ${what}${last ? ` (${last.message})` : ""}`);
}

/** A name that no earlier run used. */
export function unique(name) {
  return `${name} ${Date.now().toString(36)}`;
}

export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) {
    throw new Error(`${what}: ${a}, not ${b}`);
  }
}

/** A token, as the page gets it. */
export async function tokenOf(url, name) {
  const answer = await fetch(new URL("/dev/token", url), {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: new URL(url).origin },
    body: JSON.stringify({ name }),
  });
  if (answer.status === TOO_MANY) {
    await pause(TURN_MS);
    return tokenOf(url, name);
  }
  if (!answer.ok) {
    throw new Error(`no token for ${name}: ${answer.status}`);
  }
  return (await answer.json()).token;
}
