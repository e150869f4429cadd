import type { Client, ClientOptions } from "./types.js";

/** A client of one user at one server; see `Client`. */
export declare class MilenaClient implements Client {
  constructor(options: ClientOptions);
  readonly connection: Client["connection"];
  readonly conversations: Client["conversations"];
  readonly unread: Client["unread"];
  connect(): void;
  close(): void;
  signOut: Client["signOut"];
  conversation: Client["conversation"];
  createDirect: Client["createDirect"];
  createGroup: Client["createGroup"];
  presence: Client["presence"];
  setPresence: Client["setPresence"];
  onItem: Client["onItem"];
}
