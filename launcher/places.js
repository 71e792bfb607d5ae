import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Extra environment variables for our own programs: they are TypeScript, and this cache lets one run load what an earlier one compiled. */
export const compiledOnce = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || resolve(root, "node_modules/.cache/node") };

/** The folder of everything that Signalbox stores on this machine. */
export const dataDir = resolve(process.env.SIGNALBOX_DATA_DIR || resolve(root, ".signalbox"));
