import type { Score } from "@signalbox/model";
import { type Column, safeCsvCell, writeTable } from "./writeTable.ts";

/** A score of a trace or a span; of one that is a label alone the value is null. */
type GivenScore = Omit<Score, "value"> & { readonly value: number | null };

const COLUMNS: readonly Column<GivenScore>[] = [
  { name: "traceId", kind: "text" },
  { name: "spanId", kind: "text" },
  { name: "name", kind: "text" },
  { name: "value", kind: "number" },
  { name: "label", kind: "text" },
  { name: "explanation", kind: "text" },
  { name: "scorer", kind: "text" },
  { name: "time", kind: "text" },
  { name: "feedbackId", kind: "text", of: ({ feedback }) => feedback?.id },
  { name: "runId", kind: "text", of: ({ feedback }) => feedback?.runId },
];

/**
 * Scores as the content of a file, one row each: JSON Lines have them as they are, CSV and Parquet in columns. No cell of CSV is a
 * formula. Throws `invalid_input` for a name of another kind.
 */
export function writeScoreTable(name: string, scores: AsyncIterable<GivenScore>): AsyncIterable<string | Uint8Array> {
  return writeTable(name, COLUMNS, scores, safeCsvCell);
}
