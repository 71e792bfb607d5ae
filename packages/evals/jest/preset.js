import { fileURLToPath } from "node:url";

/**
 * What Jest has to know to import `@signalbox/evals`, which is TypeScript as it is, from a workspace or below
 * `node_modules`: `preset: "@signalbox/evals"`. All but TypeScript is transformed as Jest does without a preset.
 */
export default {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": fileURLToPath(new URL("stripTypes.js", import.meta.url)), "\\.[jt]sx?$": "babel-jest" },
  transformIgnorePatterns: ["[/\\\\]node_modules[/\\\\](?!@signalbox[/\\\\])"],
};
