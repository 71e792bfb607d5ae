import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The environment of our own programs besides what is there already: they
 * are TypeScript, and what one run of them compiled the next one loads.
 */
export const compiledOnce = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || resolve(root, "node_modules/.cache/node") };

/** The folder that holds everything Signalbox stores on this machine. */
export const dataDir = resolve(process.env.SIGNALBOX_DATA_DIR || resolve(root, ".signalbox"));
