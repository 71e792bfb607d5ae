import { fileURLToPath } from "node:url";

/**
 * A Jest preset that can import `@signalbox/evals`, which ships as TypeScript, from a workspace or from
 * `node_modules`: `preset: "@signalbox/evals"`. Everything but TypeScript is transformed as in Jest without a preset.
 */
export default {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": fileURLToPath(new URL("stripTypes.js", import.meta.url)), "\\.[jt]sx?$": "babel-jest" },
  transformIgnorePatterns: ["[/\\\\]node_modules[/\\\\](?!@signalbox[/\\\\])"],
};
