import { statSync } from "node:fs";
import type { ScoredTrial } from "@signalbox/evals";
import { AppError, canonicalJson, type OfflinePolicy } from "@signalbox/model";
import { z } from "zod";
import { gateTrial } from "../check/gateTrial.ts";
import { jsonLines } from "../jsonLines.ts";
import { type FoundRun, judgeLog, lineDigest } from "./foundRun.ts";

const ScoreValue = z.union([z.number(), z.boolean().transform(Number)], { error: "is neither a number nor true or false" });

/** The first line of a result file, which describes the run. */
const HeadLine = z.object({
  dataset: z.string().min(1),
  datasetHash: z.string().min(1).nullable().default(null),
  unitKey: z.string().min(1).nullable().default(null),
  agent: z.string().min(1).nullable().default(null),
});
type HeadLine = z.infer<typeof HeadLine>;

/**
 * A line of a result file: as `eval run --results` writes it, or with scores as an object from name to value. Further fields are ignored.
 */
const ResultLine = z.object({
  item: z.union([z.string().min(1), z.int().transform(String)]),
  trial: z.int().nonnegative().default(0),
  unit: z.string().optional(),
  state: z.enum(["answered", "failed"]).default("answered"),
  traceId: z.string().nullish(),
  scores: z.union([
    z.array(
      z.object({
        ...{ name: z.string().min(1), value: ScoreValue, passed: z.boolean().nullable().default(null) },
        judge: z.object({ id: z.string() }).optional(),
        isFailure: z.literal(true).optional(),
      }),
    ),
    z
      .record(z.string(), ScoreValue)
      .transform((scores) => Object.entries(scores).map(([name, value]) => ({ name, value, passed: null as boolean | null }))),
  ]),
});

const isHead = (json: unknown): boolean => typeof json === "object" && json !== null && "dataset" in json && !("item" in json);

const HINT =
  'A line is as `eval run --results` writes it: {"item":"7","trial":0,"state":"answered","scores":[{"name":"exact","value":1,"passed":true}]}, ' +
  'and the first one {"dataset":"refunds@3"}.';

/** Throws `invalid_input` if the parts of a file, each with a first line of its own, are not from one run's plan. */
function sameHead(path: string, number: number, head: HeadLine, before: HeadLine | undefined): HeadLine {
  if (before === undefined || canonicalJson(before) === canonicalJson(head)) return head;
  throw new AppError("invalid_input", `${path}:${number}: this begins the results of another run than those above.`);
}

/**
 * Reads a run from a file of results, one JSON document per line. Throws `invalid_input` naming
 * the first faulty line, or one that repeats a trial of an item, and for a file without results.
 */
export async function readRunFile(path: string, policy: OfflinePolicy): Promise<FoundRun> {
  const trials: ScoredTrial[] = [];
  const places = new Map<string, Map<number, number>>();
  const [digest, judges] = [lineDigest(), judgeLog()];
  let head: HeadLine | undefined;
  for await (const { number, text, value } of jsonLines(path, (json) => (isHead(json) ? HeadLine : ResultLine), HINT)) {
    if ("dataset" in value) {
      head = sameHead(path, number, value, head);
      continue;
    }
    const lines = places.get(value.item) ?? new Map<number, number>();
    const first = lines.get(value.trial);
    if (first !== undefined)
      throw new AppError("invalid_input", `${path}:${number}: trial ${value.trial} of item ${value.item} is in line ${first} already.`, {
        hint: "Repeats of an item are told apart by their trial: 0, 1, 2, …",
      });
    places.set(value.item, lines.set(value.trial, number));
    trials.push(gateTrial(value, policy));
    digest.add(text);
    judges.add(value.scores);
  }
  if (trials.length === 0) throw new AppError("invalid_input", `${path} has no result in it.`);
  const { dev, ino } = statSync(path);
  return {
    id: `file ${dev}:${ino}`,
    isStored: false,
    agent: head?.agent ?? null,
    target: head?.agent ?? null,
    digest: digest.value(),
    judges: judges.value(),
    run: {
      name: path,
      trials,
      dataset: { name: head?.dataset ?? null, hash: head?.datasetHash ?? null },
      unitKey: head?.unitKey ?? null,
    },
    placeOf(item) {
      const line = places.get(item)?.values().next().value;
      return line === undefined ? undefined : { file: path, line };
    },
  };
}
