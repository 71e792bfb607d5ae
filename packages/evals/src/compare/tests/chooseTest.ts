import { clusterMembers } from "../../statistics/estimates/clusteredMean.ts";
import type { MetricPairs } from "../metricPairs.ts";
import type { ComparisonTest } from "../metricPlan.ts";
import { bootstrapTest } from "./bootstrapTest.ts";
import type { DifferenceTest } from "./evidence.ts";
import { mcNemarTest } from "./mcNemarTest.ts";
import { pairedTTest } from "./pairedTTest.ts";
import { signFlipTest } from "./signFlipTest.ts";
import { wilcoxonTest } from "./wilcoxonTest.ts";

/** With fewer items or clusters a bootstrap interval is too narrow. */
const BOOTSTRAP_MIN = 30;

const TESTS: Record<ComparisonTest, DifferenceTest> = {
  mcnemar: mcNemarTest,
  "paired-bootstrap": bootstrapTest,
  wilcoxon: wilcoxonTest,
  "paired-t": pairedTTest,
};

/** The chosen test; `insteadOf` says briefly why it is not the requested one, and is empty when it is. */
export interface ChosenTest {
  readonly test: DifferenceTest;
  readonly insteadOf: string;
}

function bootstrapOf({ gains, clusters }: MetricPairs): DifferenceTest {
  const units = clusters === undefined ? gains.length : clusterMembers(clusters).length;
  return units < BOOTSTRAP_MIN ? signFlipTest : bootstrapTest;
}

/** The requested test, or a valid substitute: McNemar's needs passes and failures, and both it and Wilcoxon's need independent items. */
export function chooseTest(asked: ComparisonTest, pairs: MetricPairs): ChosenTest {
  const isPassOrFail = (score: number): boolean => score === 0 || score === 1;
  const isRanked = asked === "mcnemar" || asked === "wilcoxon";
  if (isRanked && pairs.clusters !== undefined) return { test: bootstrapOf(pairs), insteadOf: `${asked}: items share clusters` };
  if (asked === "mcnemar" && !(pairs.baseline.every(isPassOrFail) && pairs.candidate.every(isPassOrFail)))
    return { test: bootstrapOf(pairs), insteadOf: "mcnemar: items are between pass and fail over their repeats" };
  if (asked !== "paired-bootstrap") return { test: TESTS[asked], insteadOf: "" };
  const test = bootstrapOf(pairs);
  return { test, insteadOf: test === bootstrapTest ? "" : "paired-bootstrap: there are few items" };
}
