import { userInfo } from "node:os";
import { createClickHouse } from "@signalbox/db/clickhouse";
import {
  createEvalRun,
  deleteEvalRun,
  endEvalRun,
  holdEvalRun,
  noteEvalRun,
  openTryStore,
  streamEvalResults,
} from "@signalbox/db/evalRuns";
import { createPrisma, openPassingKeys, type PrismaClient } from "@signalbox/db/prisma";
import { runTries } from "@signalbox/evals";
import { AppError, type EvalRun, FAILURES, type TryStore } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { type EvalPlace, openEvalPlace } from "./evalPlace.ts";
import { evalText, readEvalReport } from "./evalReport.ts";
import type { EvalRunFlags } from "./evalRunFlags.ts";
import { exportedText, openExport } from "./export/openExport.ts";
import { type OpenRun, openRun } from "./openRun.ts";
import { planRun, resumedRun } from "./planRun.ts";
import { writeResultFile } from "./resultFile.ts";
import { openTryTraces, type TryTraces } from "./tryTraces.ts";

/** The time within which an unavailable target may come back, in milliseconds; then the run stops. */
const PATIENCE_MS = 10_000;

/** A store of tries that also sends the trace of each, before its result counts. */
function tracing(store: TryStore, traces: TryTraces | undefined): TryStore {
  if (traces === undefined) return store;
  return {
    claim: store.claim,
    async finish(result) {
      await traces.send(result);
      await store.finish(result);
    },
  };
}

/** Makes every try that has no result yet. */
async function makeTries(
  prisma: PrismaClient,
  run: EvalRun,
  { target, isTraced, scorers, items, warnings }: OpenRun,
  place: EvalPlace,
  { output, signal }: { output: CommandOutput; signal: AbortSignal },
): Promise<void> {
  const traces = isTraced ? undefined : await openTryTraces(place, run);
  if (!isTraced && traces === undefined) output.note("No collector answers: the tries are linked to no trace.");
  for (const warning of warnings) output.note(warning);
  const clickhouse = createClickHouse(place.stores.CLICKHOUSE_URL);
  const progress = startProgress(output, "Asking", run.items * run.trials);
  try {
    await runTries({
      ...run,
      ...{ runId: run.id, target, scorers, patienceMs: PATIENCE_MS, signal },
      isTraced: isTraced || traces !== undefined,
      items: items(),
      store: tracing(
        openTryStore(prisma, clickhouse, run, () => new Date()),
        traces,
      ),
      onProgress: progress.update,
    });
  } finally {
    progress.stop();
    await clickhouse.close();
  }
}

/** A failure that stopped a run, with the command that resumes it. */
function withResume(error: AppError, run: EvalRun): AppError {
  const hint = `What is done stays: ./signalbox eval run --resume ${run.id}${run.project === "default" ? "" : ` --project ${run.project}`} goes on with it.`;
  return new AppError(error.code, error.message, { cause: error, hint: error.hint === undefined ? hint : `${error.hint} ${hint}` });
}

/** Whether a failure means that the request cannot be fulfilled, rather than that another process has taken it over. */
const isRefusal = ({ code }: AppError): boolean => FAILURES[code].exitCode === 2 && code !== "conflict";

/** The error for a failure that stopped a run. A new run that was refused before its first result is deleted. */
async function stopped(prisma: PrismaClient, run: EvalRun, isNew: boolean, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  if (isNew && isRefusal(error) && (await deleteEvalRun(prisma, run, { ifEmpty: true }).catch(() => false))) return error;
  await noteEvalRun(prisma, run.id, error.message).catch(() => {});
  return withResume(error, run);
}

/** `signalbox eval run`: 0 when every try has its result, including failed ones. */
export const evalRun: Act<EvalRunFlags> = async ({ output, env, flags }) => {
  const abort = new AbortController();
  using stop = onStopRequest(() => process.exit(EXIT.infrastructure));
  stop.requested.then(() => abort.abort(new AppError("infrastructure", "The run was interrupted.")));

  const exporter = flags.export === undefined ? undefined : openExport(flags.export, env);
  const config = loadConfig(env, flags);
  const stores = runningStores(config, "DATABASE_URL");
  await using prisma = createPrisma(stores.DATABASE_URL, { connectionsMax: 4 });
  const keys = openPassingKeys(prisma, { use: "eval", scopes: ["ingest", "run"] }, Date.now);
  const place = openEvalPlace(config, stores, { prisma, project: flags.project, keys, signal: abort.signal });
  let run: EvalRun;
  try {
    run = await madeRun(prisma, flags, place, { output, env });
  } finally {
    // The keys live for minutes: it does no harm if the store is unavailable by now.
    await keys.forget().catch(() => {});
  }
  if (flags.results !== undefined) await writeResultFile(flags.results, run, streamEvalResults(prisma, run.id));
  const report = await readEvalReport(prisma, run.project, run.id);
  const exported = await exporter?.(prisma, report.run, output, abort.signal).catch((error: unknown) => {
    output.result(report, () => evalText(report));
    throw error;
  });
  output.result({ ...report, ...(exported === undefined ? {} : { exported }) }, () =>
    [evalText(report), ...(exported === undefined ? [] : [exportedText(exported)])].join("\n"),
  );
  return EXIT.pass;
};

/** The new or resumed run, with every try made. */
async function madeRun(
  prisma: PrismaClient,
  flags: EvalRunFlags,
  place: EvalPlace,
  { output, env }: { output: CommandOutput; env: NodeJS.ProcessEnv },
): Promise<EvalRun> {
  const resumed = flags.resume === undefined ? undefined : await resumedRun(prisma, flags.resume, flags);
  if (resumed !== undefined && resumed.endedAt !== null) return resumed;
  const plan = resumed ?? (await planRun(prisma, flags));
  const opened = await openRun(prisma, plan, place, env);
  const run = resumed ?? (await createEvalRun(prisma, plan, { actor: userInfo().username, now: new Date() }));
  await using held = await holdEvalRun(place.stores.DATABASE_URL, run.id);
  output.note(`Run ${run.id}`);
  try {
    await makeTries(prisma, run, opened, place, { output, signal: AbortSignal.any([place.signal, held.lost]) });
  } catch (error) {
    throw await stopped(prisma, run, resumed === undefined, error);
  }
  await endEvalRun(prisma, run.id, new Date());
  return run;
}
