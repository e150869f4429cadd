import { engineOf, type MilenaClient } from "../core/client.js";
import { Fetched } from "../core/fetched.js";
import type { DeviceLine, Devices } from "../core/protocol.js";
import type { Store } from "../core/types.js";

/** The level from which on the server knows devices and sends pushes. */
export const DEVICE_LEVEL = 16;

/** One device of the user. */
export interface Device extends DeviceLine {
  /** whether it is this one */
  readonly isThis: boolean;
}

/** The devices of this user; kept up to date while there is a subscriber, null until then. */
export function devices(client: MilenaClient): Store<readonly Device[] | null> {
  return fetched(client, "device.updated", async () => {
    const engine = engineOf(client);
    const answer = await engine.calls.call<Devices>("GET", "/api/v1/devices");
    return answer.devices.map((device) => ({ ...device, isThis: device.deviceId === engine.deviceId }));
  });
}

/** Signs another device of this user out: it deletes what it keeps. For this one, there is `signOut()` of the client. */
export async function signOutDevice(client: MilenaClient, deviceId: string): Promise<void> {
  const engine = engineOf(client);
  await engine.calls.call("DELETE", `/api/v1/devices/${encodeURIComponent(deviceId)}`, { again: true });
  engine.refreshed.get("device.updated")?.stale();
}

/** What a call answers, one for each client, fetched again after a frame of that type. */
export function fetched<T>(client: MilenaClient, type: string, fetch: () => Promise<T>): Store<T | null> {
  const engine = engineOf(client);
  const made = engine.refreshed.get(type) ?? new Fetched<unknown>(engine, DEVICE_LEVEL, fetch);
  engine.refreshed.set(type, made);
  return made as Fetched<T>;
}
