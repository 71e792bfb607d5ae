import type { KeptModel, Provenance } from "@signalbox/intents";
import { countText, percentText } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";
import type { TestReport } from "./testModel.ts";

/** The model that `signalbox train intents` made, and its test results, if any. */
export interface TrainReport extends KeptModel, Provenance {
  intents: number;
  temperature: number;
  threshold: number;
  trainingMs: number;
  test: TestReport | null;
}

const percent = (share: number | null): string => (share === null ? "no rows" : percentText(share, 2));
const points = (share: number | null): string => (share === null ? "no rows" : `${(share * 100).toFixed(2)} points`);

function thresholdText({ threshold, refused }: TrainReport): string {
  const of = refused.of === "out_of_scope" ? "out-of-scope validation rows" : "validation rows";
  return `${threshold.toFixed(3)}, under which lie ${percent(refused.share)} of the ${of}`;
}

function rowsText({ rows, validation }: TrainReport): string {
  const outOfScope = rows.trainingOutOfScope > 0 ? `, and ${countText(rows.trainingOutOfScope)} out of scope` : "";
  const validationOutOfScope = rows.validationOutOfScope > 0 ? `, and ${countText(rows.validationOutOfScope)} out of scope` : "";
  const from = validation === "given" ? "" : " held out of them";
  return `${countText(rows.training)}${outOfScope}; calibrated on ${countText(rows.validation)}${from}${validationOutOfScope}`;
}

function testRows(test: TestReport): string[][] {
  return [
    ["tested on", `${countText(test.rows.inScope)} rows in scope, ${countText(test.rows.outOfScope)} out of scope`],
    ...(test.alsoInData > 0
      ? [["seen before", `${countText(test.alsoInData)} of these stand in the data, too: the figures are too good`]]
      : []),
    ["accuracy", `${percent(test.accuracy)} in scope, when it always answers`],
    ["calibration error", `${points(test.calibrationError)} (15 bins of equal width)`],
    ["surest nine tenths", `${percent(test.accuracyOfSurest90)} right`],
    [
      "at the threshold",
      `${percent(test.accuracyAtThreshold)} of the rows in scope are answered rightly, ${percent(test.answeredShare)} answered`,
    ],
    ["", `${percent(test.outOfScopeRecall)} of the rows out of scope are not answered`],
    ["speed", `${countText(test.inferencesPerSecondPerCore)} texts per second of one core`],
  ];
}

/** The report for people. */
export function trainText(report: TrainReport): string {
  return textTable([
    ["model", report.version],
    ["file", `${report.path} (${(report.bytes / 1e6).toFixed(1)} MB)`],
    ["intents", countText(report.intents)],
    ["trained on", rowsText(report)],
    ["threshold", thresholdText(report)],
    ...(report.test === null ? [] : testRows(report.test)),
  ]);
}
