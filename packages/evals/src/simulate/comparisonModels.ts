import { normalFrom, type Random } from "@signalbox/model";
import type { MetricPlan } from "../compare/metricPlan.ts";
import { bootstrapTest } from "../compare/tests/bootstrapTest.ts";
import type { DifferenceTest } from "../compare/tests/evidence.ts";
import { mcNemarTest } from "../compare/tests/mcNemarTest.ts";
import { pairedTTest } from "../compare/tests/pairedTTest.ts";
import { signFlipTest } from "../compare/tests/signFlipTest.ts";
import { wilcoxonTest } from "../compare/tests/wilcoxonTest.ts";
import { mcNemarPower } from "../statistics/paired/mcNemarPower.ts";
import { normalPower, studentPower, wilcoxonPower } from "../statistics/paired/power.ts";

/**
 * A test with a simulated world that meets its assumptions: the distribution of gains
 * when the candidate is truly worse by `drop`, and the test's power by its formula.
 */
export interface ComparisonModel {
  readonly name: string;
  readonly test: DifferenceTest;
  readonly kind: MetricPlan["kind"];
  drawGains(random: Random, items: number, drop: number): number[];
  clustersOf?(items: number): string[];
  powerOf(items: number, drop: number, alpha: number): number;
}

/** The assumed share of items on which two runs of an agent disagree; scores vary as much. */
const DISCORDANCE = 0.2;
const DEVIATION = Math.sqrt(DISCORDANCE);

/** The share of the variance that items of a cluster have in common. */
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

const errorOf = (items: number): number => DEVIATION / Math.sqrt(items);

/** A clustering of items, `size` per cluster: conversations of five turns, or so large that there are few of them. */
interface Clustering {
  readonly sizeOf: (items: number) => number;
}

const FIVE_TURNS: Clustering = { sizeOf: () => 5 };
const FEW_CLUSTERS = 20;
const FEW_CONVERSATIONS: Clustering = { sizeOf: (items) => Math.ceil(items / FEW_CLUSTERS) };

/** A world of clusters: the shared variance inflates the error of the mean by √(1 + (size - 1) · shared) (Kish, 1965). */
function clustered({ sizeOf }: Clustering) {
  return {
    kind: "score",
    drawGains(random: Random, items: number, drop: number): number[] {
      const gains: number[] = [];
      while (gains.length < items) {
        const common = Math.sqrt(SHARED) * normalFrom(random);
        for (let member = 0; member < sizeOf(items); member += 1)
          gains.push(DEVIATION * (common + Math.sqrt(1 - SHARED) * normalFrom(random)) - drop);
      }
      return gains.slice(0, items);
    },
    clustersOf: (items: number) => Array.from({ length: items }, (_, index) => String(Math.floor(index / sizeOf(items)))),
    errorOf: (items: number) => errorOf(items) * Math.sqrt(1 + (sizeOf(items) - 1) * SHARED),
    degreesOf: (items: number) => Math.ceil(items / sizeOf(items)) - 1,
  } as const;
}

const conversations = clustered(FIVE_TURNS);
const fewConversations = clustered(FEW_CONVERSATIONS);

/** Every test that a comparison may use, with the clusters that it may be used on. */
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
    ...{ ...conversations, name: "clustered-t", test: pairedTTest },
    powerOf: (items, drop, alpha) => studentPower(drop, conversations.errorOf(items), conversations.degreesOf(items), alpha),
  },
  {
    ...{ ...conversations, name: "clustered-bootstrap", test: bootstrapTest },
    powerOf: (items, drop, alpha) => normalPower(drop, conversations.errorOf(items), alpha),
  },
  {
    ...{ ...fewConversations, name: "sign-flip", test: signFlipTest },
    powerOf: (items, drop, alpha) => studentPower(drop, fewConversations.errorOf(items), fewConversations.degreesOf(items), alpha),
  },
];
