import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { MilenaClient } from "../src/core/client.js";
import { useConnection, useConversations, useMessages, usePresence, useTyping, useUnread } from "../src/react/index.js";

it("renders on a server: empty, and without a word to the network", () => {
  const client = new MilenaClient({
    server: "http://milena.test",
    token: () => Promise.reject(new Error("not on a server")),
    fetch: () => Promise.reject(new Error("not on a server")),
  });
  client.conversation("c").send("waits here, but is not rendered there");
  function Page() {
    const { timeline, conversation } = useMessages(client, "c");
    return createElement("p", null, [
      useConnection(client).status, useConversations(client).items.length, useUnread(client).messages, timeline.items.length,
      conversation?.id, useTyping(client, "c").length, String(usePresence(client, "bob")), useMessages(client, null).timeline.loaded,
    ].join(" "));
  }
  expect(renderToString(createElement(Page))).toBe("<p>idle 0 0 0 c 0 null false</p>");
});
