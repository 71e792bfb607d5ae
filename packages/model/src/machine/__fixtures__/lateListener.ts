import { setTimeout as sleep } from "node:timers/promises";
import { endWithParent } from "../process.ts";

/** Starts more slowly than its parent lives. */
while (process.connected) await sleep(5);
endWithParent(async () => {});
setInterval(() => {}, 1_000);
