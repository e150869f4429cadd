import { runShare } from "./runs.js";

runShare(0, 2);
