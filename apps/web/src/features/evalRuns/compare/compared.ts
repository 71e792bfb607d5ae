import type { RouterOutputs } from "@signalbox/api/client";
import type { CHANGES } from "../evalLinks.ts";

export type Compared = RouterOutputs["evalRuns"]["compare"];
export type ComparedRow = RouterOutputs["evalRuns"]["comparedRows"]["rows"][number];
export type Change = (typeof CHANGES)[number];
