import { addTextIndex, createClickHouse, dropTextIndex, type TextIndexState, textIndexState } from "@signalbox/db/clickhouse";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/** `signalbox text-index <on|off|show>`. */
export const textIndex: Act = async ({ output, env, args: [act], flags }) => {
  await using clickhouse = createClickHouse(runningStores(loadConfig(env, flags), "CLICKHOUSE_URL").CLICKHOUSE_URL);
  if (act === "on") await addTextIndex(clickhouse);
  if (act === "off") await dropTextIndex(clickhouse);
  const state = await textIndexState(clickhouse);
  output.result(state, () => stateText(state));
  return EXIT.pass;
};

function stateText({ isOn, partsToDo, bytes }: TextIndexState): string {
  if (!isOn) return "Messages have no index: searches for words read them, within ten seconds.";
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return partsToDo === 0
    ? `Messages are indexed (${size}).`
    : `Messages are indexed as they arrive (${size}); ${partsToDo} parts that were stored before are being gone over.`;
}
