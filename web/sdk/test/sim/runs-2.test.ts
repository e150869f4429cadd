import { runShare } from "./runs.js";

runShare(1, 2);
