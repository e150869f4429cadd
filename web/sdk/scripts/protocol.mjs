// Copies the protocol's types, made from the server's records, into the sources of this package.
import { readFileSync, writeFileSync } from "node:fs";

const from = new URL("../../../docs/protocol.d.ts", import.meta.url);
const to = new URL("../src/core/protocol.ts", import.meta.url);
writeFileSync(to, readFileSync(from));
