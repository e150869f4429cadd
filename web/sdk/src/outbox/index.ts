export { indexedDbStorage } from "./indexeddb.js";
export { browserTabs } from "./tabs.js";
