import { existsSync } from "node:fs";
import { calibrateJudge, gateCalibration, type JudgeCalibration, type JudgedLabel } from "@signalbox/evals";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { jsonLines } from "../jsonLines.ts";

const LabelLine = z.object({ metric: z.string().min(1), judge: z.boolean(), person: z.boolean() });

/** The agreement of each judge with people, from a file of labels, one per line. Throws `invalid_input` naming the first faulty line. */
export async function readLabels(path: string): Promise<Record<string, JudgeCalibration>> {
  if (!existsSync(path)) throw new AppError("invalid_input", `There is no file ${path}.`);
  const byMetric = new Map<string, JudgedLabel[]>();
  for await (const { value } of jsonLines(path, () => LabelLine, 'A line is {"metric":"helpful","judge":true,"person":false}.')) {
    const known = byMetric.get(value.metric);
    if (known === undefined) byMetric.set(value.metric, [value]);
    else known.push(value);
  }
  return Object.fromEntries(
    [...byMetric].map(([metric, labels]) => [metric, gateCalibration(labels.length, calibrateJudge(labels).kappa)]),
  );
}
