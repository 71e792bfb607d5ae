import type { RouterOutputs } from "@signalbox/api/client";
import { parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { RANGE_PARAMS } from "../traces/index.ts";

/** The URL parameters of the page: a time range, the score that defines the outcome, and the selected decision point. */
export const CALIBRATION_PARAMS = {
  ...PROJECT_PARAM,
  ...RANGE_PARAMS,
  score: parseAsString.withDefault("reward"),
  service: parseAsString,
  point: parseAsString,
  view: parseAsStringLiteral(["charts", "tables"]).withDefault("charts"),
};

export type PointRow = RouterOutputs["calibration"]["points"]["points"][number];
export type PointDetail = RouterOutputs["calibration"]["point"];
export type Calibration = NonNullable<PointDetail["calibration"]>;
