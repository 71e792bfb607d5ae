import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTauBench } from "@signalbox/evals";

/** The recorded conversations of an airline's agent and their data, from the folder of real test data. */
export function readRecordedConversations(testData: string) {
  const root = join(testData, "tau-bench-airline");
  return readTauBench({ name: root, list: () => readdir(root), read: (name) => readFile(join(root, name), "utf8") });
}
