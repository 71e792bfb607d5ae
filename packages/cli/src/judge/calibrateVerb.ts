import { userInfo } from "node:os";
import { listAnnotations, requireAnnotationQueueNamed, storeJudgeCalibration } from "@signalbox/db/annotations";
import { createClickHouse, readJudgeScores } from "@signalbox/db/clickhouse";
import { judgeLine, judgeOnLabels } from "@signalbox/evals";
import {
  type AnnotationQueue,
  AppError,
  correctedText,
  JUDGE_LABELS_MIN,
  type JudgeCalibration,
  kappaText,
  shareText,
} from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { type ProjectFlag, projectOf } from "../datasets/datasetVerbs.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { runningStores } from "../supervisor/runningStores.ts";

interface CalibrateFlags extends ProjectFlag {
  judgeScore: string;
  queue: string;
  judge?: string;
  labelLine?: number;
  judgeLine?: number;
}

/** The most labels and scores that are read. */
const ANNOTATIONS_MAX = 100_000;
const SCORES_MAX = 200_000;

/** The threshold from which a label passes. Throws `invalid_input` where a person has to name it. */
function labelLine({ name, kind }: AnnotationQueue, given: number | undefined): number {
  if (given !== undefined) return given;
  if (kind.type === "pass_fail") return 1;
  throw new AppError(
    "invalid_input",
    `Queue ${name} asks for ${kind.type === "scale" ? "a step of a scale" : "a choice"}, and a judge is compared by pass and fail.`,
    {
      hint: "Say from which value on a label passes: --label-line 4.",
    },
  );
}

/** `signalbox judge calibrate`: 0 when the record is stored. */
export const judgeCalibrate: Act<CalibrateFlags> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  const config = loadConfig(env, flags);
  await using store = openStateStore(config);
  const queue = await requireAnnotationQueueNamed(store, project, flags.queue);
  const person = labelLine(queue, flags.labelLine);
  const clickhouse = createClickHouse(runningStores(config, "CLICKHOUSE_URL").CLICKHOUSE_URL);
  const scores = await readJudgeScores(clickhouse, { project, name: flags.judgeScore, judge: flags.judge }, SCORES_MAX).finally(() =>
    clickhouse.close(),
  );
  const [judge, ...others] = new Set(scores.map((score) => score.judge));
  if (judge === undefined)
    throw new AppError("not_found", `No judge gave a score ${JSON.stringify(flags.judgeScore)} in project ${project}.`, {
      hint: "A judge of an eval run or of a rule gives scores of its own name.",
    });
  if (others.length > 0)
    throw new AppError("invalid_input", `Several judges gave a score ${flags.judgeScore}: ${[judge, ...others].join(", ")}.`, {
      hint: "Name one with --judge: each has a record of its own.",
    });
  const lines = { person, judge: flags.judgeLine ?? judgeLine(scores) };
  const { labels, ties, record } = judgeOnLabels(await listAnnotations(store, queue.id, ANNOTATIONS_MAX), scores, lines);
  const kept = await storeJudgeCalibration(
    store,
    { project, scoreName: flags.judgeScore, judge, labelSet: `queue ${queue.name}`, labels, record, madeBy: userInfo().username },
    new Date(),
  );
  output.result({ calibration: kept, ties }, () => calibrationText(kept, ties));
  return EXIT.pass;
};

/** The thresholds by which a judge was compared. */
function linesText({ lines }: JudgeCalibration["record"]): string {
  if (lines === undefined) return "";
  return `labels pass from ${lines.person} on, the judge ${lines.judge === null ? "by its own line" : `from ${lines.judge} on`}`;
}

function calibrationText({ scoreName, judge, labels, record }: JudgeCalibration, ties: number): string {
  const { kappa, sensitivity, specificity, corrected } = record;
  return [
    `${scoreName} (${judge}) against ${labels} labels${ties === 0 ? "" : `; on ${ties} more people are even`}:`,
    `  lines        ${linesText(record)}`,
    `  kappa        ${kappaText(kappa)}`,
    `  sensitivity  ${shareText(sensitivity)}   of what people passed`,
    `  specificity  ${shareText(specificity)}   of what people failed`,
    ...(corrected === null
      ? []
      : [`  pass rate    ${(corrected.raw * 100).toFixed(1)} % by the judge; ${correctedText(corrected.powered)}`]),
    ...(labels < JUDGE_LABELS_MIN ? [`  It is called uncalibrated until there are ${JUDGE_LABELS_MIN} labels.`] : []),
  ].join("\n");
}
