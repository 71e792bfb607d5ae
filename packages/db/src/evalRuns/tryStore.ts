import type { ClickHouseClient } from "@clickhouse/client";
import { type EvalResult, type EvalRun, type EvalScore, type Score, stableId } from "@signalbox/model";
import { insertScores } from "../clickhouse/scoreStore.ts";
import { gathered } from "../gathered.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** A try of an item, by its places. */
interface Place {
  readonly position: number;
  readonly trial: number;
}

/** Where an eval run writes down what it does: `claim` before a target is asked (false if the try has its result), `finish` when its answer has been scored. Both are on disk when they resolve. */
export interface TryStore {
  claim(place: Place): Promise<boolean>;
  finish(result: EvalResult): Promise<void>;
}

const CLAIMS = { itemsMax: 500, bytesMax: 1_000_000, handoversMax: 1 } as const;
const RESULTS = { itemsMax: 500, bytesMax: 8_000_000, handoversMax: 2 } as const;

/** What scores of eval runs are signed with. */
const SCORER = "eval";

/** PostgreSQL's texts hold no NUL, nor does what it reads out of JSON. */
const withoutNul = <Text extends string | null>(text: Text): Text => (text?.replaceAll("\0", "\u{fffd}") ?? null) as Text;

/** Scores as they are stored: they are added up in the store. */
const storedScores = ({ scores }: EvalResult): EvalScore[] =>
  scores.map((score) => ({ ...score, name: withoutNul(score.name), explanation: withoutNul(score.explanation) }));

/** The scores of results, on the traces that show how they came about. */
function scoresOf(project: string, results: readonly EvalResult[], time: string): Score[] {
  return results.flatMap(({ traceId, scores }) =>
    traceId === null
      ? []
      : scores.map(({ name, value, passed, explanation }) => ({
          ...{ project, traceId, spanId: null, name, value, explanation, scorer: SCORER, time },
          label: passed === null ? "" : passed ? "pass" : "fail",
        })),
  );
}

async function claimAll(prisma: PrismaClient, runId: string, places: readonly Place[]): Promise<boolean[]> {
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
        ${column(({ itemId }) => withoutNul(itemId))}::text[], ${column(({ unit }) => withoutNul(unit))}::text[],
        ${json(({ input }) => input)}::text[], ${json(({ expected }) => expected)}::text[], ${json(({ output }) => output)}::text[],
        ${column(({ error }) => withoutNul(error))}::text[], ${json(storedScores)}::text[],
        ${column(({ traceId }) => traceId)}::text[], ${column(({ latencyMs }) => latencyMs)}::float8[],
        ${column(({ costUsd }) => costUsd)}::float8[], ${column(({ tokens }) => tokens)}::integer[]
      ) AS news (position, trial, state, item_id, unit, input, expected, output, error, scores, trace_id, latency_ms, cost_usd, tokens)
      WHERE eval_try.run_id = ${runId}::uuid AND eval_try.position = news.position AND eval_try.trial = news.trial AND eval_try.state = 'claimed'`,
  );
}

/**
 * Opens the tries of a run. Results that come together are written together. The scores of a result stand on its trace before the result counts, and are the same
 * whoever writes them again: a kill between the two leaves a try that is made once more.
 */
export function openTryStore(
  prisma: PrismaClient,
  clickhouse: ClickHouseClient,
  { id, project }: Pick<EvalRun, "id" | "project">,
  clock: () => Date,
): TryStore {
  const claim = gathered<Place, boolean>(CLAIMS, (places) => claimAll(prisma, id, places));
  const finish = gathered<EvalResult, undefined>(RESULTS, async (results) => {
    const scores = scoresOf(project, results, clock().toISOString());
    const places = results.map(({ position, trial }) => `${position}/${trial}`);
    if (scores.length > 0) await insertScores(clickhouse, scores, `eval:${stableId(id, ...places)}`);
    await finishAll(prisma, id, results);
    return results.map(() => undefined);
  });
  const sizeOf = (result: EvalResult): number => JSON.stringify([result.input, result.expected, result.output, result.scores]).length;
  return { claim: (place) => claim(place, 8), finish: (result) => finish(result, sizeOf(result)) };
}
