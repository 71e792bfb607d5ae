import { writeSync } from "node:fs";
import { serveWard } from "../serveWard.ts";

/** A ward's process whose thread is blocked for ever. */
serveWard(() => new Promise(() => undefined));
writeSync(2, "blocked");
for (;;);
