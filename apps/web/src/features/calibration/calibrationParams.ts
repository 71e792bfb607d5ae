import type { RouterOutputs } from "@signalbox/api/client";
import { parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { RANGE_PARAMS } from "../traces/index.ts";

/** What a link to the page must reproduce: a time range, the score that tells outcomes, and the decision point that is looked at. */
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
