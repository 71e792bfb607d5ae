import type { ClickHouseClient } from "@clickhouse/client";
import { type EvalResult, type EvalRun, JUDGE_PREFIX, type Score, stableId, type TryPlace, type TryStore } from "@signalbox/model";
import { insertScores } from "../clickhouse/scoreStore.ts";
import { gathered } from "../gathered.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import { storableText } from "./storableText.ts";

const CLAIMS = { itemsMax: 500, bytesMax: 1_000_000, handoversMax: 1 } as const;
const RESULTS = { itemsMax: 500, bytesMax: 8_000_000, handoversMax: 2 } as const;

/** What scores of eval runs are signed with, but for those of judges, which sign with their own id. */
const SCORER = "eval";

/** A result as it is stored: its texts can be read, and its scores are added up, in the store. */
const storable = (result: EvalResult): EvalResult => ({
  ...result,
  ...{ itemId: storableText(result.itemId), unit: storableText(result.unit), error: result.error && storableText(result.error) },
  scores: result.scores.map((score) => ({ ...score, name: storableText(score.name), explanation: storableText(score.explanation) })),
});

/** The scores of results, on the traces that show how they came about. */
function scoresOf(project: string, results: readonly EvalResult[], time: string): Score[] {
  return results.flatMap(({ traceId, scores }) =>
    traceId === null
      ? []
      : scores.map(({ name, value, passed, explanation, judge }) => ({
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

async function finishAll(prisma: PrismaClient, runId: string, results: readonly EvalResult[]): Promise<void> {
  const column = <T>(read: (result: EvalResult) => T): T[] => results.map(read);
  const json = (read: (result: EvalResult) => unknown): string[] => results.map((result) => JSON.stringify(read(result) ?? null));
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE eval_try SET
        state = news.state, item_id = news.item_id, unit = news.unit, input = news.input::json, expected = news.expected::json,
        output = news.output::json, error = news.error, scores = news.scores::json, trace_id = news.trace_id, latency_ms = news.latency_ms,
        cost_usd = news.cost_usd, tokens = news.tokens
      FROM unnest(
        ${column(({ position }) => position)}::integer[], ${column(({ trial }) => trial)}::integer[], ${column(({ state }) => state)}::text[],
        ${column(({ itemId }) => itemId)}::text[], ${column(({ unit }) => unit)}::text[],
        ${json(({ input }) => input)}::text[], ${json(({ expected }) => expected)}::text[], ${json(({ output }) => output)}::text[],
        ${column(({ error }) => error)}::text[], ${json(({ scores }) => scores)}::text[],
        ${column(({ traceId }) => traceId)}::text[], ${column(({ latencyMs }) => latencyMs)}::float8[],
        ${column(({ costUsd }) => costUsd)}::float8[], ${column(({ tokens }) => tokens)}::integer[]
      ) AS news (position, trial, state, item_id, unit, input, expected, output, error, scores, trace_id, latency_ms, cost_usd, tokens)
      WHERE eval_try.run_id = ${runId}::uuid AND eval_try.position = news.position AND eval_try.trial = news.trial AND eval_try.state = 'claimed'`,
  );
}

/**
 * Opens the tries of a run. Results that come together are written together. The scores of a result stand on its trace before the result counts: a kill between the
 * two leaves a try that is made once more, and whose scores then take the place of those.
 */
export function openTryStore(
  prisma: PrismaClient,
  clickhouse: ClickHouseClient,
  { id, project }: Pick<EvalRun, "id" | "project">,
  clock: () => Date,
): TryStore {
  const claim = gathered<TryPlace, boolean>(CLAIMS, (places) => claimAll(prisma, id, places));
  const finish = gathered<EvalResult, undefined>(RESULTS, async (given) => {
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
