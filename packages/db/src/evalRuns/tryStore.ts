import type { ClickHouseClient } from "@clickhouse/client";
import { type EvalResult, type EvalRun, JUDGE_PREFIX, type Score, stableId, type TryPlace, type TryStore } from "@signalbox/model";
import { insertScores } from "../clickhouse/scores/scoreStore.ts";
import { groupCommit } from "../groupCommit.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import { resultFrom, storable, tryRows } from "./tryRows.ts";

const CLAIMS = { itemsMax: 500, bytesMax: 1_000_000, handoversMax: 1 } as const;
const RESULTS = { itemsMax: 500, bytesMax: 8_000_000, handoversMax: 2 } as const;

/** The scorer name of an eval run's scores, except for judges, which sign with their own id. */
const SCORER = "eval";

/** The scores of results, without failed ones, for the traces on which they were observed. */
function scoresOf(project: string, results: readonly EvalResult[], time: string): Score[] {
  return results.flatMap(({ traceId, scores }) =>
    traceId === null
      ? []
      : scores
          .filter(({ isFailure }) => !isFailure)
          .map(({ name, value, passed, explanation, judge }) => ({
            ...{ project, traceId, spanId: null, name, value, explanation, time },
            scorer: judge === undefined ? SCORER : JUDGE_PREFIX + judge.id,
            label: passed === null ? "" : passed ? "pass" : "fail",
          })),
  );
}

async function claimAll(prisma: PrismaClient, runId: string, places: readonly TryPlace[]): Promise<boolean[]> {
  const finished = await askStateStore(
    () => prisma.$queryRaw<{ place: bigint }[]>`
      WITH asked AS (
        SELECT * FROM unnest(${places.map(({ position }) => position)}::integer[], ${places.map(({ trial }) => trial)}::integer[])
          WITH ORDINALITY AS asked (position, trial, place)
      ), claimed AS (
        INSERT INTO eval_try (run_id, position, trial, state) SELECT ${runId}::uuid, position, trial, 'claimed' FROM asked
        ON CONFLICT DO NOTHING
      )
      SELECT asked.place FROM asked JOIN eval_try USING (position, trial)
      WHERE eval_try.run_id = ${runId}::uuid AND eval_try.state <> 'claimed'`,
  );
  const done = new Set(finished.map(({ place }) => Number(place)));
  return places.map((_, index) => !done.has(index + 1));
}

/** A try counts once, with its first result: writing it again changes nothing. */
async function finishAll(prisma: PrismaClient, runId: string, results: readonly EvalResult[]): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      WITH done AS (
        UPDATE eval_try SET ${resultFrom("news")} FROM ${tryRows(results)}
        WHERE eval_try.run_id = ${runId}::uuid AND eval_try.position = news.position AND eval_try.trial = news.trial AND eval_try.state = 'claimed'
        RETURNING eval_try.state
      ), counts AS (SELECT count(*)::integer AS finished, (count(*) FILTER (WHERE state = 'failed'))::integer AS failed FROM done)
      UPDATE eval_run SET finished = eval_run.finished + counts.finished, failed = eval_run.failed + counts.failed
      FROM counts WHERE eval_run.id = ${runId}::uuid AND counts.finished > 0`,
  );
}

/**
 * Opens the tries of a run. Results that arrive together are written together. A result's scores are written to its trace
 * before the result counts: a kill between the two leaves a try that is made once more, whose scores replace the first ones.
 */
export function openTryStore(
  prisma: PrismaClient,
  clickhouse: ClickHouseClient,
  { id, project }: Pick<EvalRun, "id" | "project">,
  clock: () => Date,
): TryStore {
  const claim = groupCommit<TryPlace, boolean>(CLAIMS, (places) => claimAll(prisma, id, places));
  const finish = groupCommit<EvalResult, undefined>(RESULTS, async (given) => {
    const results = given.map(storable);
    const scores = scoresOf(project, results, clock().toISOString());
    const token = `eval:${stableId(id, JSON.stringify(results.map((result) => [result.traceId, result.scores])))}`;
    if (scores.length > 0) await insertScores(clickhouse, scores, token);
    await finishAll(prisma, id, results);
    return results.map(() => undefined);
  });
  const sizeOf = (result: EvalResult): number => JSON.stringify([result.input, result.expected, result.output, result.scores]).length;
  return { claim: (place) => claim(place, 8), finish: (result) => finish(result, sizeOf(result)) };
}
