import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { RANGE_PARAMS, type RangeParams, rangeInputOf } from "../traces/index.ts";

/** The subject of a trend: whole traces, or model calls. */
export type Subject = "traces" | "calls";

/** The plots of the page, named as in the URL. */
export const PLOT_IDS = ["volume", "errors", "latency", "tokens", "cost", "models"] as const;
export type PlotId = (typeof PLOT_IDS)[number];

/** The URL parameters of the page. `step` is in seconds, `tables` are the plots shown as tables. */
export const TREND_PARAMS = {
  ...PROJECT_PARAM,
  ...RANGE_PARAMS,
  of: parseAsStringLiteral(["traces", "calls"]).withDefault("traces"),
  step: parseAsInteger,
  service: parseAsString,
  model: parseAsString,
  tables: parseAsArrayOf(parseAsStringLiteral(PLOT_IDS)).withDefault([]),
};

export type TrendParams = RangeParams & {
  project: string;
  of: Subject;
  step: number | null;
  service: string | null;
  model: string | null;
  tables: PlotId[];
};

export type Overview = RouterOutputs["trends"]["overview"];

/** The query that the URL asks for. */
export function overviewInputOf(params: TrendParams): RouterInputs["trends"]["overview"] {
  const { project, step, service, model } = params;
  return {
    project,
    range: rangeInputOf(params),
    filter: { ...(service ? { service } : {}), ...(model ? { model } : {}) },
    ...(step !== null && step > 0 ? { stepSeconds: step } : {}),
  };
}

/** The subject shown: traces have no single model, so a filter by model means calls. */
export function subjectOf({ of, model }: Pick<TrendParams, "of" | "model">): Subject {
  return model ? "calls" : of;
}
