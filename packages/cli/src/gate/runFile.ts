import type { GateRun, ItemPlace, ScoredTrial } from "@signalbox/evals";
import { AppError, type OfflinePolicy } from "@signalbox/model";
import { z } from "zod";
import { gateTrial } from "./gateTrial.ts";
import { jsonLines } from "./jsonLines.ts";

/** A run as a gate takes it, and where its items stand if they stand in a file. */
export interface FoundRun {
  readonly run: GateRun;
  placeOf(item: string): ItemPlace | undefined;
}

const ScoreValue = z.union([z.number(), z.boolean().transform(Number)], { error: "is neither a number nor true or false" });

/** A line of a result file: as `eval run --results` writes it, or with scores as an object from name to value. What a gate does not look at may be there. */
const ResultLine = z.object({
  item: z.union([z.string().min(1), z.int().transform(String)]),
  unit: z.string().optional(),
  state: z.enum(["answered", "failed"]).default("answered"),
  traceId: z.string().nullish(),
  scores: z.union([
    z.array(z.object({ name: z.string().min(1), value: ScoreValue, passed: z.boolean().nullable().default(null) })),
    z
      .record(z.string(), ScoreValue)
      .transform((scores) => Object.entries(scores).map(([name, value]) => ({ name, value, passed: null as boolean | null }))),
  ]),
});

const HINT =
  'A line is as `eval run --results` writes it: {"item":"7","state":"answered","scores":[{"name":"exact","value":1,"passed":true}]}.';

/** Reads a run from a file of results, one JSON document a line. Throws `invalid_input` naming the first line that is wrong, and for a file without results. */
export async function readRunFile(path: string, policy: OfflinePolicy): Promise<FoundRun> {
  const trials: ScoredTrial[] = [];
  const lines = new Map<string, number>();
  for await (const { number, value } of jsonLines(path, ResultLine, HINT)) {
    trials.push(gateTrial(value, policy));
    if (!lines.has(value.item)) lines.set(value.item, number);
  }
  if (trials.length === 0) throw new AppError("invalid_input", `${path} has no result in it.`);
  return {
    run: { name: path, trials, dataset: { name: null, hash: null } },
    placeOf: (item) => (lines.has(item) ? { file: path, line: lines.get(item) as number } : undefined),
  };
}
