import type { EvalResult } from "@signalbox/model";
import { type Column, safeCsvCell, writeTable } from "../tables/writeTable.ts";

/** The columns of a try besides its scores, in order. */
const COLUMNS = [
  { name: "itemId", kind: "text" },
  { name: "unit", kind: "text" },
  { name: "trial", kind: "number" },
  { name: "state", kind: "text" },
  { name: "input", kind: "json" },
  { name: "expected", kind: "json" },
  { name: "output", kind: "json" },
  { name: "error", kind: "text" },
  { name: "traceId", kind: "text" },
  { name: "latencyMs", kind: "number" },
  { name: "costUsd", kind: "number" },
  { name: "tokens", kind: "number" },
] as const satisfies readonly (Column & { name: keyof EvalResult })[];

/** The columns of each score, after the scorer's name. */
const OF_SCORE = [
  { name: "value", kind: "number" },
  { name: "passed", kind: "boolean" },
  { name: "explanation", kind: "text" },
] as const;

/** A try's score in a table; one that could not be scored has no value. */
function scoreOf({ scores }: EvalResult, scorer: string) {
  const score = scores.find(({ name }) => name === scorer);
  return score?.isFailure ? { ...score, value: null } : score;
}

/**
 * The tries of a run as the content of a file, one row each. JSON Lines have everything stored of a try; CSV
 * and Parquet have columns `<scorer>.value`, `.passed` and `.explanation` for each of `scorers`; a score that
 * failed has only its reason. No cell of CSV is a formula. Throws `invalid_input` for a name of another kind.
 */
export function writeResultTable(
  name: string,
  scorers: readonly string[],
  results: AsyncIterable<EvalResult>,
): AsyncIterable<string | Uint8Array> {
  const ofScores = scorers.flatMap((scorer) =>
    OF_SCORE.map(
      ({ name, kind }): Column<EvalResult> => ({ name: `${scorer}.${name}`, kind, of: (result) => scoreOf(result, scorer)?.[name] }),
    ),
  );
  return writeTable(name, [...COLUMNS, ...ofScores], results, safeCsvCell);
}
