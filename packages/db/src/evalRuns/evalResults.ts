import { EvalResult } from "@signalbox/model";
import type { z } from "zod";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

type PlaceRow = { position: number; trial: number };
type TryRecord = Prisma.EvalTryRowGetPayload<object>;

function toResult({ runId: _, mark: __, ...row }: TryRecord): EvalResult {
  return EvalResult.parse(row);
}

/** A page holds this many rows, or fewer if they reach about this many bytes (as stored, compressed); at least one. */
const PAGE = { rowsMax: 500, bytesMax: 8_000_000 } as const;

/** The number of results after a place that form a page. */
async function pageRows(prisma: PrismaClient, runId: string, { position, trial }: PlaceRow): Promise<number> {
  const [page] = await prisma.$queryRaw<{ rows: number }[]>`
    SELECT count(*)::integer AS rows FROM (
      SELECT coalesce(sum(bytes) OVER (ORDER BY position, trial ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM (
        SELECT position, trial, coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(expected), 0) + coalesce(pg_column_size(output), 0)
          + coalesce(pg_column_size(scores), 0) AS bytes
        FROM eval_try WHERE run_id = ${runId}::uuid AND state <> 'claimed' AND (position, trial) > (${position}, ${trial})
        ORDER BY position, trial LIMIT ${PAGE.rowsMax}
      ) AS sized
    ) AS placed WHERE before < ${PAGE.bytesMax}`;
  return page?.rows ?? 0;
}

/** Every result of a run, in the order of the items and their trials, read page by page. */
export async function* streamEvalResults(prisma: PrismaClient, runId: string): AsyncGenerator<EvalResult> {
  let after: PlaceRow = { position: -1, trial: 0 };
  for (;;) {
    const rows = await askStateStore(async () =>
      prisma.evalTryRow.findMany({
        where: {
          runId,
          state: { not: "claimed" },
          OR: [{ position: { gt: after.position } }, { position: after.position, trial: { gt: after.trial } }],
        },
        orderBy: [{ position: "asc" }, { trial: "asc" }],
        take: await pageRows(prisma, runId, after),
      }),
    );
    yield* rows.map(toResult);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** A filter for tries: those of some items, those that failed, or those that a scorer did not pass. */
export interface EvalTryFilter {
  readonly itemIds?: readonly string[];
  readonly state?: "answered" | "failed";
  readonly failing?: string;
}

function conditions(runId: string, { itemIds, state, failing }: EvalTryFilter): Prisma.Sql {
  const all = [Prisma.sql`run_id = ${runId}::uuid`, state === undefined ? Prisma.sql`state <> 'claimed'` : Prisma.sql`state = ${state}`];
  if (itemIds !== undefined) all.push(Prisma.sql`item_id = ANY(${[...itemIds]}::text[])`);
  if (failing !== undefined)
    all.push(
      Prisma.sql`EXISTS (SELECT FROM json_array_elements(scores) AS score WHERE score->>'name' = ${failing} AND score->>'passed' = 'false')`,
    );
  return Prisma.join(all, " AND ");
}

/**
 * `rowsMax` tries after the first `skip`: failed ones first, then by the
 * number of scorers that did not pass them, then in the order of the items.
 */
export async function listEvalTries(
  prisma: PrismaClient,
  runId: string,
  filter: EvalTryFilter,
  { skip, rowsMax }: { skip: number; rowsMax: number },
): Promise<{ tries: EvalResult[]; total: number }> {
  return askStateStore(async () => {
    const where = conditions(runId, filter);
    const places = await prisma.$queryRaw<PlaceRow[]>`
      SELECT position, trial FROM eval_try WHERE ${where}
      ORDER BY state = 'failed' DESC,
        (SELECT count(*) FROM json_array_elements(scores) AS score WHERE score->>'passed' = 'false') DESC, position, trial
      LIMIT ${rowsMax} OFFSET ${skip}`;
    const [counted] = await prisma.$queryRaw<{ total: number }[]>`SELECT count(*)::integer AS total FROM eval_try WHERE ${where}`;
    const rows = await prisma.evalTryRow.findMany({ where: { runId, OR: places.map(({ position, trial }) => ({ position, trial })) } });
    const byPlace = new Map(rows.map((row) => [`${row.position}/${row.trial}`, row]));
    const tries = places.flatMap(({ position, trial }) => byPlace.get(`${position}/${trial}`) ?? []);
    return { tries: tries.map(toResult), total: counted?.total ?? 0 };
  });
}

const EvalTryScores = EvalResult.pick({ position: true, itemId: true, trial: true, unit: true, state: true, scores: true, traceId: true });

/** The result of a try, without its input and output. */
export type EvalTryScores = z.infer<typeof EvalTryScores>;

/** Up to `rowsMax` tries of a run with their scores, in the order of the items and their trials. */
export async function listEvalScores(prisma: PrismaClient, runId: string, rowsMax: number): Promise<EvalTryScores[]> {
  const rows = await askStateStore(() =>
    prisma.evalTryRow.findMany({
      where: { runId, state: { not: "claimed" } },
      select: { position: true, itemId: true, trial: true, unit: true, state: true, scores: true, traceId: true },
      orderBy: [{ position: "asc" }, { trial: "asc" }],
      take: rowsMax,
    }),
  );
  return rows.map((row) => EvalTryScores.parse(row));
}

/** The tries of some items of a run, by item and trial. */
export async function findEvalTries(prisma: PrismaClient, runId: string, itemIds: readonly string[]): Promise<EvalResult[]> {
  const rows = await askStateStore(() =>
    prisma.evalTryRow.findMany({
      where: { runId, itemId: { in: [...itemIds] }, state: { not: "claimed" } },
      orderBy: [{ position: "asc" }, { trial: "asc" }],
    }),
  );
  return rows.map(toResult);
}

/** The inputs of some items, by their ids, as recorded by the first of the given runs of one dataset that has a try of the item. */
export async function findEvalInputs(
  prisma: PrismaClient,
  runIds: readonly string[],
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ itemId: string; input: unknown }[]>`
      SELECT DISTINCT ON (item_id) item_id AS "itemId", input FROM eval_try
      WHERE run_id = ANY(${[...runIds]}::uuid[]) AND item_id = ANY(${[...itemIds]}::text[]) AND state <> 'claimed'
      ORDER BY item_id, array_position(${[...runIds]}::uuid[], run_id), position, trial`,
  );
  return new Map(rows.map(({ itemId, input }) => [itemId, input]));
}

/**
 * The aggregates of a run for one scorer: the sums from which its mean and the mean's interval over units
 * follow, the number of passed tries (null where the scorer has no threshold), and the number of units by
 * their items' `passed` of `total` tries. Tries that it could not score (`unscored`) are in none of these.
 */
export interface ScorerTotals {
  readonly name: string;
  readonly sums: {
    readonly units: number;
    readonly count: number;
    readonly sum: number;
    readonly sumOfSquares: number;
    readonly sumTimesCount: number;
    readonly countOfSquares: number;
  };
  readonly passed: number | null;
  readonly min: number;
  readonly max: number;
  readonly unscored: number;
  readonly trials: readonly UnitTrials[];
}

type TotalsRow = Omit<ScorerTotals, "sums" | "trials" | "passed"> &
  ScorerTotals["sums"] & { passed: number; drawn: boolean; place: number };
/** The number of units with the same set of `items`. */
type UnitTrials = {
  readonly items: readonly { readonly passed: number; readonly total: number; readonly tasks: number }[];
  readonly units: number;
};

/** `items` is JSON: for each item, the number of passed tries and the number of tries. */
type TrialsRow = { name: string; items: string; units: number };

function unitTrials({ items, units }: TrialsRow): UnitTrials {
  const pairs: [number, number][] = JSON.parse(items);
  return { items: pairs.map(([passed, total]) => ({ passed, total, tasks: 1 })), units };
}

/** Aggregates a run's results in the store, by scorer, in the order in which the run names them. */
export async function readEvalTotals(prisma: PrismaClient, runId: string): Promise<ScorerTotals[]> {
  const scored = Prisma.sql`
    eval_try, json_array_elements(scores) WITH ORDINALITY AS scores (score, place),
      LATERAL (SELECT score->>'name' AS name, CASE WHEN score->>'isFailure' IS NULL THEN (score->>'value')::float8 END AS value) AS scored
    WHERE run_id = ${runId}::uuid AND state <> 'claimed'`;
  const perUnit = Prisma.sql`
    SELECT name, min(place)::integer AS place, count(value)::float8 AS tries, sum(value) AS value, min(value) AS low, max(value) AS high,
      (count(*) - count(value))::integer AS unscored, count(*) FILTER (WHERE score->>'passed' = 'true')::integer AS passed,
      count(value) FILTER (WHERE score->>'passed' IS NULL)::integer AS open
    FROM ${scored} GROUP BY name, unit`;
  const perItem = Prisma.sql`
    SELECT name, unit, count(*) FILTER (WHERE score->>'passed' = 'true') AS passed, count(value) AS total FROM ${scored} GROUP BY name, unit, item_id`;
  return askStateStore(async () => {
    const totals = await prisma.$queryRaw<TotalsRow[]>`
      SELECT name, min(place)::integer AS place, count(value)::integer AS units, sum(tries)::integer AS count, coalesce(sum(value), 0) AS sum,
        coalesce(sum(value * value), 0) AS "sumOfSquares", coalesce(sum(value * tries), 0) AS "sumTimesCount", sum(tries * tries) AS "countOfSquares",
        coalesce(min(low), 0) AS min, coalesce(max(high), 0) AS max, sum(unscored)::integer AS unscored, sum(passed)::integer AS passed,
        sum(open) = 0 AND sum(tries) > 0 AS drawn
      FROM (${perUnit}) AS per_unit GROUP BY name ORDER BY place`;
    const trials = await prisma.$queryRaw<TrialsRow[]>`
      SELECT name, items, count(*)::integer AS units FROM (
        SELECT name, json_agg(json_build_array(passed, total) ORDER BY passed, total)::text AS items FROM (${perItem}) AS per_item GROUP BY name, unit
      ) AS per_unit GROUP BY name, items`;
    return totals.map(({ name, passed, drawn, min, max, unscored, place: _, ...sums }) => ({
      ...{ name, sums, min, max, unscored },
      passed: drawn ? passed : null,
      trials: drawn ? trials.filter((row) => row.name === name).map(unitTrials) : [],
    }));
  });
}
