import type { EvalResult } from "@signalbox/model";
import { storableText } from "@signalbox/model";
import { Prisma } from "../prisma/generated/client.ts";

/** A result; `mark` identifies the state of its source where it may be written again. */
export type TryRow = EvalResult & { readonly mark?: string };

/** A result as stored: its texts are readable, and its scores can be summed, in the store. */
export const storable = <Row extends TryRow>(result: Row): Row => ({
  ...result,
  ...{ itemId: storableText(result.itemId), unit: storableText(result.unit), error: result.error && storableText(result.error) },
  scores: result.scores.map((score) => ({ ...score, name: storableText(score.name), explanation: storableText(score.explanation) })),
});

/** The columns of a try with a result, after its key. */
export const RESULT_COLUMNS = [
  ..."state item_id unit input expected output error scores trace_id latency_ms cost_usd tokens mark".split(" "),
] as const;

/** Results as a table `news` within a statement: `position`, `trial` and the columns of a result. */
export function tryRows(results: readonly TryRow[]): Prisma.Sql {
  const column = <T>(read: (result: TryRow) => T): T[] => results.map(read);
  const json = (read: (result: TryRow) => unknown): string[] => results.map((result) => JSON.stringify(read(result) ?? null));
  return Prisma.sql`(
    SELECT position, trial, state, item_id, unit, input::json, expected::json, output::json, error, scores::json, trace_id, latency_ms, cost_usd, tokens, mark
    FROM unnest(
      ${column(({ position }) => position)}::integer[], ${column(({ trial }) => trial)}::integer[], ${column(({ state }) => state)}::text[],
      ${column(({ itemId }) => itemId)}::text[], ${column(({ unit }) => unit)}::text[],
      ${json(({ input }) => input)}::text[], ${json(({ expected }) => expected)}::text[], ${json(({ output }) => output)}::text[],
      ${column(({ error }) => error)}::text[], ${json(({ scores }) => scores)}::text[],
      ${column(({ traceId }) => traceId)}::text[], ${column(({ latencyMs }) => latencyMs)}::float8[],
      ${column(({ costUsd }) => costUsd)}::float8[], ${column(({ tokens }) => tokens)}::integer[], ${column(({ mark }) => mark ?? null)}::text[]
    ) AS given (position, trial, state, item_id, unit, input, expected, output, error, scores, trace_id, latency_ms, cost_usd, tokens, mark)
  ) AS news`;
}

/** The assignments of a statement that sets a try's columns from `source`. */
export const resultFrom = (source: "news" | "excluded"): Prisma.Sql =>
  Prisma.raw(RESULT_COLUMNS.map((name) => `${name} = ${source}.${name}`).join(", "));
