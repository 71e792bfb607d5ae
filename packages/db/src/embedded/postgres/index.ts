import { fileURLToPath } from "node:url";

export { embeddedDatabaseUrl, isPostgresReady } from "./connection.ts";

/** The module that keeps the embedded PostgreSQL running. It reads `SIGNALBOX_DATA_DIR` and `SIGNALBOX_PORT_OFFSET`. */
export const postgresEntry = fileURLToPath(new URL("./main.ts", import.meta.url));
