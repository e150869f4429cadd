import type { Calls } from "../calls.js";
import { asError } from "../calls.js";
import type { Frame } from "./link.js";

/**
 * Does by REST what a frame of the client asks, for transports that only listen; gives the frame that would have been the
 * answer. What has no call, such as typing, is answered `ok` and left.
 */
export async function byRest(calls: Calls, frame: Frame): Promise<Frame> {
  const { conversationId, messageId, upToSequence, ...rest } = frame.payload ?? {};
  const at = `/api/v1/conversations/${encodeURIComponent(conversationId)}`;
  const message = `${at}/messages/${encodeURIComponent(messageId)}`;
  const reaction = `${message}/reactions/${encodeURIComponent(rest.emoji)}`;
  const answer = async (done: Promise<unknown>): Promise<Frame> => {
    try {
      return { type: "message.ack", id: frame.id, payload: { conversationId, duplicate: false, ...((await done) as object) } };
    } catch (error) {
      const refused = asError(error) as ReturnType<typeof asError> & { body?: { sequenceNumber?: number } };
      if (refused.code === "DUPLICATE_MESSAGE") {
        return { type: "message.ack", id: frame.id, payload: { conversationId, ...refused.body, duplicate: true } };
      }
      const retryAfter = refused.retryAfterMs === undefined ? undefined : refused.retryAfterMs / 1_000;
      const ban = refused.ban && { banned: true, ...refused.ban };
      return { type: "error", id: frame.id, payload: { error: refused.code, message: refused.message, retryAfter, limit: refused.limit, ...ban } };
    }
  };
  switch (frame.type) {
    case "message.send":
      return answer(calls.call("POST", `${at}/messages`, { body: { messageId, ...rest } }));
    case "message.edit":
      return answer(calls.call("PATCH", message, { body: rest }));
    case "message.delete":
      return answer(calls.call("DELETE", message + (rest.reason === undefined ? "" : `?reason=${encodeURIComponent(rest.reason)}`)));
    case "message.react":
      return answer(calls.call(rest.remove ? "DELETE" : "PUT", reaction));
    case "message.pin":
      return answer(calls.call(rest.remove ? "DELETE" : "PUT", `${message}/pin`));
    case "message.read":
      return answer(calls.call("POST", `${at}/read`, { body: { upToSequence } }));
    default:
      return { type: "ok", id: frame.id };
  }
}
