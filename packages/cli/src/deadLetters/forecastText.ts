import type { Obstructed, RedriveForecast } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** The obstacles of letters, one per line. */
export function obstructedText(obstructed: readonly Obstructed[]): string[] {
  return obstructed.map(({ obstacle, letters, letterId, detail }) => `${letters} ${obstacle.replaceAll("_", " ")}: ${letterId} ${detail}`);
}

/** The forecast of a redrive, in words. */
export function forecastText({ letters, redrivable, obstructed, groups, effects }: RedriveForecast): string {
  const uses = (all: RedriveForecast["effects"]["happened"]): string =>
    all.length === 0 ? "none" : all.map(({ tool, calls, tasks }) => `${tool} (${calls} calls in ${tasks} tasks)`).join(", ");
  return [
    `${redrivable} of ${letters} dead letters would be redriven.`,
    ...obstructedText(obstructed),
    ...(groups.length === 0
      ? []
      : ["", textTable(groups.map((group) => [String(group.letters), group.fingerprint, group.message.split("\n")[0] ?? ""]))]),
    "",
    `Tools that they called already, which are not called again for it: ${uses(effects.happened)}.`,
    `Tools that tasks like these may call: ${uses(effects.possible)}.`,
  ].join("\n");
}
