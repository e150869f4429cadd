import { frameOf, query, type OpenLink } from "./link.js";

const GARBAGE_MAX = 10;

/** Frames over a WebSocket; the token is a subprotocol, so that it stands in no address. */
export const openWebSocket: OpenLink = (dial, events, { webSocket }) => {
  let over = false;
  let garbage = 0;
  const end = (code: number, reason: string) => {
    if (!over) {
      over = true;
      events.closed({ code, reason, waitMs: null });
    }
  };
  if (!webSocket) {
    queueMicrotask(() => end(1006, "no WebSocket here"));
    return { sends: true, send: () => {}, close: () => (over = true) };
  }
  const address = dial.server.replace(/^http/, "ws") + "/ws" + query({ device_id: dial.deviceId, resume: dial.resume, route: dial.route });
  const socket = new webSocket(address, ["milena.v1", dial.token]);
  socket.onmessage = ({ data }) => {
    const frame = over ? null : frameOf(data);
    if (frame) {
      events.frame(frame, null);
    } else if (!over && ++garbage >= GARBAGE_MAX) {
      socket.close();
      end(1006, "what came were no frames");
    }
  };
  socket.onclose = ({ code, reason }) => end(code, reason);
  socket.onerror = () => {
    // `onclose` follows, and says more.
  };
  return {
    sends: true,
    send: (frame) => {
      if (socket.readyState === 1) {
        socket.send(JSON.stringify(frame));
      }
    },
    close: () => {
      over = true;
      socket.close(1000);
    },
  };
};
