// What a website does that has the chat in it. The server's address comes with the page; a real one would write it down.
const loaded = load();
const form = document.querySelector("form");
const unread = document.querySelector("output[name=unread]");
const said = document.querySelector("output[name=said]");

/** Loads the element; gives the address of its server. */
async function load() {
  const { server } = await (await fetch("/settings.json")).json();
  await import(`${server}/milena-chat.js`);
  return server;
}

/** A token of the user who is signed in at this website; null for nobody. */
async function token(user) {
  const answer = await fetch(`/chat-token?user=${encodeURIComponent(user)}`, { method: "POST" });
  return answer.status === 401 ? null : (await answer.json()).token;
}

/** The conversation of two people. A real website makes it when they first meet, and keeps its id. */
async function conversationOf(server, user, other) {
  const answer = await fetch(`${server}/api/v1/conversations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await token(user)}`, "Content-Type": "application/json" },
    body: JSON.stringify({ type: "direct", participantIds: [other] }),
  });
  return (await answer.json()).conversationId;
}

async function open() {
  const server = await loaded;
  const user = form.elements.user.value.trim();
  const other = form.elements.other.value.trim();
  const chat = document.createElement("milena-chat");
  chat.setAttribute("server", server);
  chat.setAttribute("theme", "light");
  chat.tokenProvider = () => token(user);
  // Where the server does not let this website in, the element says so.
  const conversation = await conversationOf(server, user, other).catch(() => null);
  if (conversation) {
    chat.setAttribute("conversation", conversation);
  }
  chat.addEventListener("milena-unread", ({ detail }) => (unread.value = detail.unread));
  chat.addEventListener("milena-ready", () => (said.value = "The chat is there."));
  chat.addEventListener("milena-error", ({ detail }) => (said.value = `The chat says: ${detail.reason ?? detail.code}`));
  chat.addEventListener("milena-signed-out", () => (said.value = "Nobody is signed in."));
  document.querySelector("aside").replaceChildren(chat);
}

// From the beginning: a form that is sent before would load the page again.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void open();
});
