import { createPrisma, listQueuePauses } from "@signalbox/db/prisma";
import { readTauBench, renameStateToProvince, type TauBench } from "@signalbox/evals";
import { AppError, portsAt } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import type { Act } from "../commandLine/verb.ts";
import { type Config, loadConfig } from "../config.ts";
import { loopbackUrl } from "../supervisor/parts/parts.ts";
import { tasksKeyOf } from "../supervisor/stores/keySteps.ts";
import { awaitEvaluations } from "./awaitEvaluations.ts";
import { awaitTelemetry } from "./awaitTelemetry.ts";
import { type ComparedRun, compareRuns, isWholeAgreement } from "./compareRuns.ts";
import { openFileFolder } from "./fileFolder.ts";
import { type Host, openHost } from "./host.ts";
import { type ImportReport, importText } from "./importReport.ts";
import { loadAirlineWorld } from "./loadAirlineWorld.ts";
import { PROJECT, type RecordedTask, recordedTasks } from "./recordedTask.ts";
import { runTasks } from "./runTasks.ts";
import { ServiceClient } from "./serviceClient.ts";
import { watchPauses } from "./watchPauses.ts";
import { withRetries } from "./withRetries.ts";

/** The time within which a killed part must be back; it usually takes seconds. */
const PATIENCE_MS = 90_000;

/** The time without progress after which the import fails; a task that is lost with its worker is taken up again within seconds. */
const STALL_MS = 120_000;

const INTERRUPTED = new AppError("infrastructure", "The import was interrupted.", { hint: "Run it again: it takes up where it stopped." });

/** Waits for everything that follows from the tasks, and pairs each with its recording. */
async function followTasks(
  host: Host,
  tasks: readonly RecordedTask[],
  tasksKey: string | undefined,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<ComparedRun[]> {
  const ports = portsAt(host.portOffset);
  const patience = { patienceMs: PATIENCE_MS, signal };
  const wait = { stallMs: STALL_MS, signal };
  const gateway = new ServiceClient("gateway", loopbackUrl(ports.gateway), patience, tasksKey);
  const controller = new ServiceClient("controller", loopbackUrl(ports.controller), patience);
  const ids = tasks.map(({ id }) => id);

  const progress = startProgress(output, "Running", tasks.length);
  try {
    await using prisma = createPrisma(host.stores.DATABASE_URL, { connectionsMax: 1 });
    const isHeld = watchPauses(() => withRetries("state store", patience, () => listQueuePauses(prisma, { project: PROJECT })), output);
    const finished = await runTasks(gateway, tasks, { ...wait, isHeld, onProgress: (count) => progress.update(count) });
    const evaluations = await awaitEvaluations(controller, ids, wait);
    await awaitTelemetry(host, PROJECT, ids, wait);
    return tasks.map((recorded) => {
      const [task, evaluation] = [finished.get(recorded.id), evaluations.get(recorded.id)];
      if (task === undefined || evaluation === undefined) throw new Error(`task ${recorded.id} was not waited for`);
      return { recorded, task, evaluation };
    });
  } finally {
    progress.stop();
  }
}

/**
 * Loads the folder's world and runs its conversations on it, on the running
 * Signalbox or one of our own. Calls `abort` when that one cannot be kept alive.
 */
async function runRecorded(
  config: Config,
  folder: TauBench,
  output: CommandOutput,
  abort: AbortController,
): Promise<{ worldId: string; runs: ComparedRun[] }> {
  const { signal } = abort;
  await using host = await openHost(config, output, signal);
  host.failure.catch((reason: unknown) => abort.abort(reason));
  const worldId = await loadAirlineWorld(host.stores.DATABASE_URL, renameStateToProvince(folder.data), { patienceMs: PATIENCE_MS, signal });
  return { worldId, runs: await followTasks(host, recordedTasks(folder, worldId), tasksKeyOf(config), output, signal) };
}

/** `signalbox import tau-bench`: 0 when everything agrees with the recordings, else 1. */
export const importTauBench: Act = async ({ output, env, args, flags }) => {
  const config = loadConfig(env, flags);
  const folder = await readTauBench(await openFileFolder(args[0] ?? ""));
  const startedAt = performance.now();

  const abort = new AbortController();
  using stop = onStopRequest(() => process.exit(EXIT.infrastructure));
  stop.requested.then(() => abort.abort(INTERRUPTED));

  const { worldId, runs } = await runRecorded(config, folder, output, abort).catch((error: unknown) => {
    // After a cancellation everything in flight fails with it; the reason is what the reader wants to know.
    throw abort.signal.aborted ? abort.signal.reason : error;
  });
  const report: ImportReport = { ...compareRuns(runs), worldId, durationMs: Math.round(performance.now() - startedAt) };
  output.result(report, () => importText(report, output));
  return isWholeAgreement(report) ? EXIT.pass : EXIT.failed;
};
