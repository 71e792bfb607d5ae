import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder that holds everything Signalbox stores on this machine. */
export const dataDir = resolve(process.env.SIGNALBOX_DATA_DIR || resolve(root, ".signalbox"));
