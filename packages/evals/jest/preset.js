import { fileURLToPath } from "node:url";

/** What Jest has to know to import `@signalbox/evals`, which is TypeScript as it is: `preset: "@signalbox/evals"`. */
export default {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": fileURLToPath(new URL("stripTypes.js", import.meta.url)) },
};
