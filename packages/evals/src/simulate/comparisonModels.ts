import type { MetricPlan } from "../compare/metricPlan.ts";
import { bootstrapTest } from "../compare/tests/bootstrapTest.ts";
import type { DifferenceTest } from "../compare/tests/evidence.ts";
import { mcNemarTest } from "../compare/tests/mcNemarTest.ts";
import { pairedTTest } from "../compare/tests/pairedTTest.ts";
import { wilcoxonTest } from "../compare/tests/wilcoxonTest.ts";
import { mcNemarPower } from "../statistics/paired/mcNemarPower.ts";
import { normalPower, studentPower, wilcoxonPower } from "../statistics/paired/power.ts";
import { normalFrom, type Random } from "../statistics/seededRandom.ts";

/**
 * A test with a world that it is right about: how gains come about when the candidate
 * is truly worse by `drop`, and how often the test finds that by its formula.
 */
export interface ComparisonModel {
  readonly name: string;
  readonly test: DifferenceTest;
  readonly kind: MetricPlan["kind"];
  drawGains(random: Random, items: number, drop: number): number[];
  clustersOf?(items: number): string[];
  powerOf(items: number, drop: number, alpha: number): number;
}

/** Two runs of an agent disagree on a fifth of the items; scores vary as much. */
const DISCORDANCE = 0.2;
const DEVIATION = Math.sqrt(DISCORDANCE);

const CLUSTER_SIZE = 5;
/** How much of the variance items of a cluster share. */
const SHARED = 0.5;

const drawScores = (random: Random, items: number, drop: number): number[] =>
  Array.from({ length: items }, () => DEVIATION * normalFrom(random) - drop);

function drawPasses(random: Random, items: number, drop: number): number[] {
  const worse = (DISCORDANCE + drop) / 2;
  return Array.from({ length: items }, () => {
    const drawn = random();
    if (drawn < worse) return -1;
    return drawn < DISCORDANCE ? 1 : 0;
  });
}

function drawClustered(random: Random, items: number, drop: number): number[] {
  const gains: number[] = [];
  while (gains.length < items) {
    const common = Math.sqrt(SHARED) * normalFrom(random);
    for (let member = 0; member < CLUSTER_SIZE; member += 1)
      gains.push(DEVIATION * (common + Math.sqrt(1 - SHARED) * normalFrom(random)) - drop);
  }
  return gains.slice(0, items);
}

const errorOf = (items: number): number => DEVIATION / Math.sqrt(items);

/** Every test that a comparison may use on many items. */
export const COMPARISON_MODELS: readonly ComparisonModel[] = [
  {
    ...{ name: "mcnemar", test: mcNemarTest, kind: "binary", drawGains: drawPasses },
    powerOf: (items, drop, alpha) => mcNemarPower(items, DISCORDANCE, drop, alpha),
  },
  {
    ...{ name: "paired-t", test: pairedTTest, kind: "score", drawGains: drawScores },
    powerOf: (items, drop, alpha) => studentPower(drop, errorOf(items), items - 1, alpha),
  },
  {
    ...{ name: "paired-bootstrap", test: bootstrapTest, kind: "score", drawGains: drawScores },
    powerOf: (items, drop, alpha) => normalPower(drop, errorOf(items), alpha),
  },
  {
    ...{ name: "wilcoxon", test: wilcoxonTest, kind: "score", drawGains: drawScores },
    powerOf: (items, drop, alpha) => wilcoxonPower(items, drop / DEVIATION, alpha),
  },
  {
    ...{ name: "clustered-t", test: pairedTTest, kind: "score", drawGains: drawClustered },
    clustersOf: (items) => Array.from({ length: items }, (_, index) => String(Math.floor(index / CLUSTER_SIZE))),
    powerOf: (items, drop, alpha) =>
      studentPower(drop, errorOf(items) * Math.sqrt(1 + (CLUSTER_SIZE - 1) * SHARED), Math.ceil(items / CLUSTER_SIZE) - 1, alpha),
  },
];
