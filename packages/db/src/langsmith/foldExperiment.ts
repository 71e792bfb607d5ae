import type { ClickHouseClient } from "@clickhouse/client";
import { DatasetItemContent, type EvalResult, EvalRunPlan, type EvalScore, LANGSMITH_TARGET, type Score } from "@signalbox/model";
import {
  createExperimentReader,
  type ExperimentAnswer,
  type ExperimentRun,
  type ExperimentScope,
} from "../clickhouse/scores/experimentReader.ts";
import { RESULT_COLUMNS, resultFrom, storable, type TryRow, tryRows } from "../evalRuns/tryRows.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { DueExperiment } from "./dueExperiments.ts";
import { missingScores, type ScoredTry } from "./missingScores.ts";

/** The result of a look: the number of tries in the run, the number written, and the time of the latest activity. */
export interface FoldedExperiment {
  tries: number;
  written: number;
  activeAt: Date | null;
}

/** The number of tries read, and written, at a time. */
const PAGE_TRIES = 100;

/** The most by which clients' clocks may be wrong, in milliseconds. */
const SKEW_MS = 3_600_000;

/** A run with its place among the tries of its eval run. */
interface PlacedRun extends ExperimentRun {
  position: number;
  trial: number;
  itemId: string;
}

/** A try as the last look wrote it, with the names of its scores. */
type StoredTry = ScoredTry & { position: number; trial: number; itemId: string; traceId: string | null; mark: string | null };

/**
 * Brings an experiment's eval run in line with the stores: one try for each root run that names an example. It
 * writes only differences to the last look, whatever arrived twice or late, so it may be repeated or killed. A run
 * whose telemetry is gone (sampled out, or past its retention) keeps its try. Null while the dataset has no version.
 */
export async function foldExperiment(
  { prisma, clickhouse }: { prisma: PrismaClient; clickhouse: ClickHouseClient },
  experiment: DueExperiment,
  now: Date,
): Promise<FoldedExperiment | null> {
  const version = await versionOf(prisma, experiment);
  if (version === null) return null;
  const { id, project, name, createdAt, isOver, endedAt, updatedAt } = experiment;
  const scope: ExperimentScope = {
    ...{ project, name, session: id },
    from: new Date(createdAt.getTime() - SKEW_MS),
    to: new Date((isOver ? (endedAt ?? updatedAt) : now).getTime() + SKEW_MS),
  };
  const reader = createExperimentReader(clickhouse);
  const found = await reader.runs(scope);
  const stored = await askStateStore(
    () => prisma.$queryRaw<StoredTry[]>`
      SELECT position, trial, item_id AS "itemId", trace_id AS "traceId", mark, state = 'failed' AS "isFailed",
        ARRAY(SELECT score->>'name' FROM json_array_elements(scores) AS score WHERE score->'isFailure' IS NULL) AS scorers
      FROM eval_try WHERE run_id = ${id}::uuid`,
  );
  const runs = await placed(prisma, version, found, stored);
  const isFound = new Set(runs.map(({ traceId }) => traceId));
  const tries = [...runs, ...stored.filter(({ traceId }) => traceId === null || !isFound.has(traceId))];
  const scorers = [...new Set(tries.flatMap((one) => one.scorers))].sort();
  const missingOf = missingScores(tries);
  const plan = planOf(experiment, version, tries, scorers);
  await beginRun(prisma, experiment, plan);

  const markOf = (run: PlacedRun): string => `${run.mark} ${missingOf(run).map(({ name, isFailure }) => `${name}${isFailure ? "?" : ""}`)}`;
  const marks = new Map(stored.map(({ traceId, mark }) => [traceId, mark]));
  const changed = runs.filter((run) => marks.get(run.traceId) !== markOf(run));
  let written = 0;
  for (let from = 0; from < changed.length; from += PAGE_TRIES) {
    const page = changed.slice(from, from + PAGE_TRIES);
    const answers = await reader.answers(scope, page);
    const items = await itemsOf(prisma, version, page);
    const rows = page.flatMap((run): TryRow[] => {
      const answer = answers.get(run.traceId);
      return answer === undefined ? [] : [{ ...resultOf(run, answer, items.get(run.itemId), missingOf), mark: markOf(run) }];
    });
    await putTries(prisma, id, rows.map(storable));
    written += rows.length;
  }
  await endLook(prisma, experiment, plan);
  const activeAt = found.reduce((latest, run) => Math.max(latest, run.activeAt), 0);
  return { tries: runs.length, written, activeAt: activeAt === 0 ? null : new Date(activeAt) };
}

/** The version that an experiment is on: the latest when it began, or else the first. */
async function versionOf(prisma: PrismaClient, { project, datasetId, datasetVersion }: DueExperiment) {
  return askStateStore(() =>
    prisma.datasetVersionRow.findFirst({
      where: { datasetId, dataset: { project }, ...(datasetVersion === null ? {} : { number: datasetVersion }) },
      orderBy: { number: "asc" },
      include: { dataset: true },
    }),
  );
}

type Version = NonNullable<Awaited<ReturnType<typeof versionOf>>>;

const isIn = (number: number): Prisma.Sql => Prisma.sql`since <= ${number} AND (until IS NULL OR until > ${number})`;

/**
 * Assigns places to runs: that of the last look, or after the tries of its item, by start.
 * An example that the version lacks (added later, or not an item) comes after the last item.
 */
async function placed(
  prisma: PrismaClient,
  { datasetId, number, items }: Version,
  runs: readonly ExperimentRun[],
  stored: readonly StoredTry[],
): Promise<PlacedRun[]> {
  const examples = [...new Set(runs.map(({ exampleId }) => exampleId))].filter((example) => UUID.test(example));
  type Known = { example: string; item: string; place: number | null };
  const known = await askStateStore(
    () => prisma.$queryRaw<Known[]>`
      WITH places AS (SELECT id, (row_number() OVER (ORDER BY position) - 1)::integer AS place FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND ${isIn(number)})
      SELECT DISTINCT example_id(dataset_id, id)::text AS example, id AS item, place FROM dataset_item LEFT JOIN places USING (id)
      WHERE dataset_id = ${datasetId}::uuid AND example_id(dataset_id, id) = ANY(${examples}::uuid[])`,
  );
  const byExample = new Map(known.map((row) => [row.example, row]));
  const byTrace = new Map(stored.map((one) => [one.traceId, one]));
  const positions = new Map(stored.map(({ itemId, position }) => [itemId, position]));
  const trials = new Map<string, number>();
  for (const { itemId, trial } of stored) trials.set(itemId, Math.max(trials.get(itemId) ?? 0, trial + 1));
  let behind = stored.reduce((next, { position }) => Math.max(next, position + 1), items);

  return runs.map((run) => {
    const before = byTrace.get(run.traceId);
    if (before !== undefined) return { ...run, itemId: before.itemId, position: before.position, trial: before.trial };
    const item = byExample.get(run.exampleId);
    const itemId = item?.item ?? run.exampleId;
    const position = item?.place ?? positions.get(itemId) ?? behind++;
    const trial = trials.get(itemId) ?? 0;
    positions.set(itemId, position);
    trials.set(itemId, trial + 1);
    return { ...run, itemId, position, trial };
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The experiment's plan as far as it is known by now. */
function planOf(
  experiment: DueExperiment,
  version: Version,
  tries: readonly Pick<StoredTry, "itemId" | "trial">[],
  scorers: readonly string[],
): EvalRunPlan {
  const { project, name, itemsTold, trialsTold } = experiment;
  const items = new Set(tries.map(({ itemId }) => itemId)).size;
  const trials = tries.reduce((most, { trial }) => Math.max(most, trial + 1), 1);
  return EvalRunPlan.parse({
    ...{ project, name: name.slice(0, 200), dataset: `${version.dataset.name}@${version.number}`, datasetHash: version.hash },
    ...{ items: Math.max(items, itemsTold ?? version.items, 1), trials: Math.min(1_000, Math.max(trials, trialsTold ?? 1)) },
    ...{ target: LANGSMITH_TARGET, scorers: scorers.map((scorer) => ({ name: scorer })) },
    ...{ unitKey: null, concurrency: 1, ratePerSecond: null, timeoutMs: 60_000 },
  });
}

async function beginRun(prisma: PrismaClient, { id, project, name, createdAt }: DueExperiment, plan: EvalRunPlan): Promise<void> {
  const data = { id, project, name: name.slice(0, 200), plan: plan as Prisma.InputJsonObject, actor: "langsmith", createdAt };
  await askStateStore(() => prisma.evalRunRow.createMany({ data: [data], skipDuplicates: true }));
}

/** The items of some runs, in the experiment's version or, where it lacks them, in their latest form. */
async function itemsOf(
  prisma: PrismaClient,
  { datasetId, number }: Version,
  runs: readonly PlacedRun[],
): Promise<Map<string, DatasetItemContent>> {
  const ids = runs.map(({ itemId }) => itemId);
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ id: string; content: unknown }[]>`
      SELECT DISTINCT ON (id) id, content FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND id = ANY(${ids}::text[])
      ORDER BY id, (${isIn(number)}) DESC, since DESC`,
  );
  return new Map(rows.map(({ id, content }) => [id, DatasetItemContent.parse(content)]));
}

/** A client's value as JSON; the plain text where only the span has it and it is not JSON. */
function valueIn(json: string): unknown {
  if (json === "") return null;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Scores of 0 and 1 say that a try failed or passed; any other score has no known threshold. */
const PASSED = new Map([
  [0, false],
  [1, true],
]);

/** One score per name: the latest. */
function scoresOf(given: readonly Score[]): EvalScore[] {
  const finite = given.filter(({ value }) => Number.isFinite(value));
  const latest = new Map(finite.toSorted((a, b) => a.time.localeCompare(b.time)).map((score) => [score.name, score]));
  return [...latest.values()]
    .map(({ name, value, explanation }) => ({ name, value, passed: PASSED.get(value) ?? null, explanation }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function resultOf(
  { position, trial, itemId, isFailed, traceId }: PlacedRun,
  answer: ExperimentAnswer,
  item: DatasetItemContent | undefined,
  missingOf: (one: ScoredTry) => EvalScore[],
): EvalResult {
  const scores = scoresOf(answer.scores);
  const missing = missingOf({ isFailed, scorers: scores.map(({ name }) => name) });
  return {
    ...{ position, itemId, trial, unit: itemId, traceId, state: isFailed ? "failed" : "answered" },
    ...{ input: item?.input ?? valueIn(answer.input), expected: item?.expectedOutput ?? null, output: valueIn(answer.output) },
    error: isFailed ? answer.error : null,
    scores: [...scores, ...missing],
    ...{ latencyMs: answer.latencyMs, costUsd: answer.costUsd, tokens: answer.tokens },
  };
}

const COLUMNS = Prisma.raw(RESULT_COLUMNS.join(", "));

async function putTries(prisma: PrismaClient, runId: string, rows: readonly TryRow[]): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      INSERT INTO eval_try (run_id, position, trial, ${COLUMNS}) SELECT ${runId}::uuid, position, trial, ${COLUMNS} FROM ${tryRows(rows)}
      ON CONFLICT (run_id, position, trial) DO UPDATE SET ${resultFrom("excluded")}`,
  );
}

/**
 * Updates the run's counts, and ends it when it is over. An end that was
 * reported without a time gets the time of the update that reported it.
 */
async function endLook(prisma: PrismaClient, { id, isOver, endedAt, updatedAt }: DueExperiment, plan: EvalRunPlan): Promise<void> {
  const end = isOver ? Prisma.sql`coalesce(${endedAt}, ended_at, ${updatedAt})` : Prisma.sql`NULL`;
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE eval_run SET plan = ${JSON.stringify(plan)}::json, ended_at = ${end}, finished = counts.finished, failed = counts.failed
      FROM (SELECT count(*)::integer AS finished, (count(*) FILTER (WHERE state = 'failed'))::integer AS failed FROM eval_try WHERE run_id = ${id}::uuid) AS counts
      WHERE eval_run.id = ${id}::uuid`,
  );
}
