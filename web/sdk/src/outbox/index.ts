export { indexedDbStorage } from "./indexeddb.js";
export { storageIn } from "./keeper.js";
export { tabsOver } from "./relay.js";
export { browserTabs } from "./tabs.js";
export type * from "./types.js";
