import { pino } from "pino";
import { openWard } from "../ward.ts";

/** A worker whose ward is blocked. */
openWard(pino({ level: "silent" }), 1, { entry: new URL("blockedWard.ts", import.meta.url) });
setInterval(() => undefined, 60_000);
