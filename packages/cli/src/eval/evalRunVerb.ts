import { userInfo } from "node:os";
import { createClickHouse } from "@signalbox/db/clickhouse";
import {
  createEvalRun,
  endEvalRun,
  holdEvalRun,
  noteEvalRun,
  openTryStore,
  requireEvalRun,
  streamEvalResults,
} from "@signalbox/db/evalRuns";
import { createPrisma, type PrismaClient, resolveDataset, streamDatasetItems } from "@signalbox/db/prisma";
import { askByEnvironment, embedByEnvironment, type ReadyScorer, readScorers, runTries } from "@signalbox/evals";
import {
  AppError,
  type EvalRun,
  EvalRunPlan,
  formatDatasetReference,
  issuesText,
  LANGSMITH_TARGET,
  parseDatasetReference,
  type ScorerChoice,
  type TryStore,
} from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { type EvalPlace, openEvalPlace } from "./evalPlace.ts";
import { evalText, readEvalReport } from "./evalReport.ts";
import { type ExportTarget, exportedText, openExport } from "./export/openExport.ts";
import { plannedVersion } from "./plannedVersion.ts";
import { writeResultFile } from "./resultFile.ts";
import { scorerChoices } from "./scorerChoices.ts";
import { openTarget } from "./targets.ts";
import { openTryTraces, type TryTraces } from "./tryTraces.ts";

/** What `signalbox eval run` may be told. */
interface EvalRunFlags {
  project: string;
  dataset?: string;
  target?: string;
  scorers?: string[];
  repeats?: number;
  unit?: string;
  concurrency?: number;
  rate?: number;
  timeout?: number;
  name?: string;
  results?: string;
  resume?: string;
  export?: ExportTarget;
}

/** A target that is down may come back within so long, in milliseconds; then the run stops. */
const PATIENCE_MS = 10_000;

const DEFAULTS = { repeats: 1, concurrency: 8, timeoutSeconds: 60 } as const;

const FIXED = ["dataset", "target", "scorers", "repeats", "unit", "name"] as const satisfies (keyof EvalRunFlags)[];

function required(flags: EvalRunFlags, flag: "dataset" | "target"): string {
  const value = flags[flag];
  if (value !== undefined) return value;
  throw new AppError("invalid_input", `Say which ${flag}: --${flag}.`, {
    hint: "./signalbox eval run --help shows what the command takes.",
  });
}

const ready = (scorers: readonly ScorerChoice[], env: NodeJS.ProcessEnv): ReadyScorer[] =>
  readScorers(scorers, askByEnvironment(env), embedByEnvironment(env));

/** The plan of a new run, checked: every scorer is there, and the version that is meant has items. */
async function newPlan(prisma: PrismaClient, flags: EvalRunFlags, env: NodeJS.ProcessEnv): Promise<EvalRunPlan> {
  const [dataset, target] = [required(flags, "dataset"), required(flags, "target")];
  const scorers = scorerChoices(flags.scorers ?? []);
  if (scorers.length === 0)
    throw new AppError("invalid_input", "Say who judges: --scorers.", { hint: "./signalbox eval scorers shows every one." });
  ready(scorers, env);
  const { project } = flags;
  const { version, dataset: found } = await resolveDataset(prisma, project, parseDatasetReference(dataset));
  const reference = formatDatasetReference(found.name, version);
  if (version.items === 0) throw new AppError("invalid_input", `${reference} has no item to ask about.`);
  const plan = EvalRunPlan.safeParse({
    ...{ project, target, scorers, dataset: reference, datasetHash: version.hash, items: version.items },
    name: flags.name ?? `${reference} · ${target}`.slice(0, 200),
    trials: flags.repeats ?? DEFAULTS.repeats,
    unitKey: flags.unit ?? null,
    concurrency: flags.concurrency ?? DEFAULTS.concurrency,
    ratePerSecond: flags.rate ?? null,
    timeoutMs: Math.round((flags.timeout ?? DEFAULTS.timeoutSeconds) * 1_000),
  });
  if (!plan.success) throw new AppError("invalid_input", `The run cannot be made: ${issuesText(plan.error)}`);
  return plan.data;
}

/** The run to go on with, as it was planned; only how fast it asks may be said anew. */
async function resumedRun(prisma: PrismaClient, resume: string, flags: EvalRunFlags): Promise<EvalRun> {
  const given = FIXED.filter((flag) => flags[flag] !== undefined);
  if (given.length > 0)
    throw new AppError(
      "invalid_input",
      `--resume goes on with a run as it was planned: leave out ${given.map((flag) => `--${flag}`).join(", ")}.`,
    );
  const run = await requireEvalRun(prisma, flags.project, resume);
  if (run.target === LANGSMITH_TARGET)
    throw new AppError("invalid_input", `LangSmith's client made the run ${run.name}; only that can go on with it.`, {
      hint: "What its client sends is in the run, whenever it comes.",
    });
  const { concurrency = run.concurrency, rate = run.ratePerSecond } = flags;
  return { ...run, concurrency, ratePerSecond: rate, timeoutMs: flags.timeout === undefined ? run.timeoutMs : flags.timeout * 1_000 };
}

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
  scorers: readonly ReadyScorer[],
  place: EvalPlace,
  { output, signal }: { output: CommandOutput; signal: AbortSignal },
): Promise<void> {
  const { dataset, version } = await plannedVersion(prisma, run);
  const { target, isTraced } = await openTarget(run.target, place, run.project);
  const traces = isTraced ? undefined : await openTryTraces(place.collectorUrl, run, signal);
  if (!isTraced && traces === undefined) output.note("No collector answers: the tries are linked to no trace.");
  const clickhouse = createClickHouse(place.stores.CLICKHOUSE_URL);
  const progress = startProgress(output, "Asking", run.items * run.trials);
  try {
    await runTries({
      ...run,
      ...{ runId: run.id, target, scorers, patienceMs: PATIENCE_MS, signal },
      isTraced: isTraced || traces !== undefined,
      items: streamDatasetItems(prisma, dataset.id, version.number),
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

/** A failure that stopped a run, with what to do about it. */
function withResume(error: unknown, run: EvalRun): unknown {
  const hint = `What is done stays: ./signalbox eval run --resume ${run.id}${run.project === "default" ? "" : ` --project ${run.project}`} goes on with it.`;
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, error.message, { cause: error, hint: error.hint === undefined ? hint : `${error.hint} ${hint}` });
}

/** `signalbox eval run`: 0 when every try has its result, failed ones among them. */
export const evalRun: Act<EvalRunFlags> = async ({ output, env, flags }) => {
  const abort = new AbortController();
  using stop = onStopRequest(() => process.exit(EXIT.infrastructure));
  stop.requested.then(() => abort.abort(new AppError("infrastructure", "The run was interrupted.")));

  const exporter = flags.export === undefined ? undefined : openExport(flags.export, env);
  const place = openEvalPlace(loadConfig(env, flags), abort.signal);
  await using prisma = createPrisma(place.stores.DATABASE_URL, { connectionsMax: 4 });
  const run =
    flags.resume === undefined
      ? await createEvalRun(prisma, await newPlan(prisma, flags, env), { actor: userInfo().username, now: new Date() })
      : await resumedRun(prisma, flags.resume, flags);
  if (run.endedAt === null) {
    await using held = await holdEvalRun(place.stores.DATABASE_URL, run.id);
    output.note(`Run ${run.id}`);
    try {
      await makeTries(prisma, run, ready(run.scorers, env), place, {
        output,
        signal: AbortSignal.any([place.signal, held.lost]),
      });
    } catch (error) {
      if (error instanceof AppError) await noteEvalRun(prisma, run.id, error.message).catch(() => {});
      throw withResume(error, run);
    }
    await endEvalRun(prisma, run.id, new Date());
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
