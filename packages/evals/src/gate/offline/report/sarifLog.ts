import { inFigures } from "../../../compare/metricSentence.ts";
import type { WorsenedItem } from "../worsenedItems.ts";
import type { GateReport } from "./gateReport.ts";

/** The place of an item in a file: a path as given by people, and a line from 1. */
export interface ItemPlace {
  readonly file: string;
  readonly line: number;
}

/** The most results per run that GitHub shows. */
const RESULTS_MAX = 5_000;

function resultOf({ verdict }: GateReport, { item, metric, baseline, candidate }: WorsenedItem, place: ItemPlace | undefined) {
  const physical = place && { physicalLocation: { artifactLocation: { uri: encodeURI(place.file) }, region: { startLine: place.line } } };
  return {
    ruleId: metric,
    level: verdict === "fail" ? "error" : "note",
    message: { text: `${item}: ${metric} went from ${inFigures(baseline)} to ${inFigures(candidate)}.` },
    locations: [{ ...physical, logicalLocations: [{ name: item, kind: "member" }] }],
  };
}

/** The worsened items as a SARIF 2.1.0 log, each at its line of the candidate's file, if there is one. */
export function sarifLog(report: GateReport, placeOf: (item: string) => ItemPlace | undefined): Record<string, unknown> {
  const rules = report.metrics.map(({ name, reason }) => ({ id: name, shortDescription: { text: reason } }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "signalbox gate", rules } },
        results: report.worsened.slice(0, RESULTS_MAX).map((worsened) => resultOf(report, worsened, placeOf(worsened.item))),
      },
    ],
  };
}
