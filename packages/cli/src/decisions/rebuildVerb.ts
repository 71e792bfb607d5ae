import { rebuildTasks } from "@signalbox/db/decisionLog";
import { countTasks } from "@signalbox/db/prisma";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";

/** The flags of `signalbox decisions rebuild`. */
interface RebuildFlags {
  dryRun?: boolean;
}

/** `signalbox decisions rebuild`: 0 when every task agrees with its decisions in the end, 1 when one does not. */
export const decisionsRebuild: Act<RebuildFlags> = async ({ output, env, flags: { dryRun: isDry = false, ...flags } }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const counts = await countTasks(store);
  const bar = startProgress(
    output,
    "Tasks",
    Object.values(counts).reduce((sum, count) => sum + count, 0),
  );
  const found = await rebuildTasks(store, { isDry, progress: bar.update }).finally(() => bar.stop());
  const { tasks, off, offTotal, rebuilt, broken, brokenTotal } = found;
  output.result({ dryRun: isDry, ...found }, () =>
    [
      `${tasks} tasks compared: ${offTotal} are not what their decisions say${isDry ? "" : `, ${rebuilt} of them were rebuilt`}.`,
      ...off.map(({ taskId, fields }) => `  task ${taskId}: ${fields.join(", ")}`),
      ...(brokenTotal > 0 ? [`✖ ${brokenTotal} chains do not hold and were left alone; ./signalbox decisions verify says why.`] : []),
      ...broken.map((taskId) => `  task ${taskId}`),
    ].join("\n"),
  );
  return offTotal === rebuilt && brokenTotal === 0 ? EXIT.pass : EXIT.failed;
};
