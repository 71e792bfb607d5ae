import { fileURLToPath } from "node:url";

export { embeddedClickHouseUrl, handoverFolder, isClickHouseReady } from "./connection.ts";
export { leaveTextsToEngine } from "./engine/engineCodecs.ts";

/** The module that runs the embedded ClickHouse. It reads `SIGNALBOX_DATA_DIR` and `SIGNALBOX_PORT_OFFSET`. */
export const clickhouseEntry = fileURLToPath(new URL("./main.ts", import.meta.url));
