export { MilenaClient } from "./client.js";
export { MilenaError, isTransient } from "./errors.js";
export type { ErrorCode } from "./errors.js";
export type * from "./types.js";
export type * as protocol from "./protocol.js";
