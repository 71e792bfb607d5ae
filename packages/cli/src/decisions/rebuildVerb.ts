import { estimateDecisions, rebuildTasks, type Verification, verifyDecisionLog } from "@signalbox/db/decisionLog";
import { countTasks } from "@signalbox/db/prisma";
import { AppError, counted } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { trustedKeys } from "./checkpointKeys.ts";
import { headsOf } from "./verifyVerb.ts";

/** The flags of `signalbox decisions rebuild`. */
interface RebuildFlags {
  dryRun?: boolean;
  publicKey?: string;
  heads?: string;
}

/** `signalbox decisions rebuild`: 0 when every task agrees with its decisions in the end, 1 when one does not. */
export const decisionsRebuild: Act<RebuildFlags> = async ({
  output,
  env,
  flags: { dryRun: isDry = false, publicKey, heads, ...flags },
}) => {
  const config = loadConfig(env, flags);
  await using store = openStateStore(config);
  const doubted = await doubtedTasks(output, config, {
    keys: trustedKeys(publicKey, env, config.dataDir),
    heads: headsOf(heads, { env, dataDir: config.dataDir, isOwn: publicKey === undefined }),
  });
  const counts = await countTasks(store);
  const bar = startProgress(
    output,
    "Tasks",
    Object.values(counts).reduce((sum, count) => sum + count, 0),
  );
  const found = await rebuildTasks(store, { isDry, doubted, progress: bar.update }).finally(() => bar.stop());
  const { tasks, off, offTotal, rebuilt, broken, brokenTotal } = found;
  output.result({ dryRun: isDry, ...found }, () =>
    [
      `${counted(tasks, "task")} compared: ${offTotal} are not what their decisions say${isDry ? "" : `, ${rebuilt} of them were rebuilt`}.`,
      ...off.map(({ taskId, fields }) => `  task ${taskId}: ${fields.join(", ")}`),
      ...(brokenTotal > 0
        ? [`✖ ${brokenTotal} chains do not hold, or are not what was signed, and were left alone; ./signalbox decisions verify says why.`]
        : []),
      ...broken.map((taskId) => `  task ${taskId}`),
    ].join("\n"),
  );
  return offTotal === rebuilt && brokenTotal === 0 ? EXIT.pass : EXIT.failed;
};

/**
 * The tasks whose decisions are not what checkpoints signed: their rows are not written from them. Throws `conflict`
 * where what was found is of the log as a whole, or too much to be listed.
 */
async function doubtedTasks(
  output: CommandOutput,
  config: ReturnType<typeof loadConfig>,
  trusted: Pick<Verification, "keys" | "heads">,
): Promise<Set<string>> {
  const { DATABASE_URL: databaseUrl } = runningStores(config, "DATABASE_URL");
  const bar = startProgress(output, "Decisions", await estimateDecisions(databaseUrl));
  const verified = await verifyDecisionLog(databaseUrl, { ...trusted, progress: bar.update }).finally(() => bar.stop());
  const { findings, findingsTotal } = verified;
  const tasks = findings.flatMap(({ taskId }) => taskId ?? []);
  if (tasks.length < findingsTotal)
    throw new AppError(
      "conflict",
      `The decision log is not what was signed (${counted(findingsTotal, "finding")}): nothing was rebuilt from it.`,
      {
        hint: "./signalbox decisions verify says what was found. Checkpoints of an earlier key need it too: --public-key takes a file with both.",
      },
    );
  return new Set(tasks);
}
