import type { Random } from "@signalbox/model";
import { pick, seededRandom } from "../../../loadgen/spans/seededRandom.ts";

/** A part that is killed. */
export type Victim = "collector" | "clickhouse";

/** A disturbance; times in milliseconds. */
export type ChaosAct =
  | { kind: "kill"; part: Victim }
  /** The store's process is frozen. */
  | { kind: "freeze"; forMs: number }
  /** The store answers late. */
  | { kind: "slow"; delayMs: number; forMs: number }
  /** The store is unreachable. */
  | { kind: "down"; forMs: number }
  /** The collector's clock is set, to `aheadMs` ahead of the true time. */
  | { kind: "clock"; aheadMs: number };

/** A disturbance, and the delay after the one before. */
export interface ChaosStep {
  afterMs: number;
  act: ChaosAct;
}

/** The amount of disturbances. */
export interface ChaosSize {
  kills: number;
  /** The mean interval between two kills. */
  intervalMs: number;
  /** The one period for which the store is unreachable. */
  downMs: number;
}

/** The collector's share of the kills: it is what is under test, so it dies more often than the store. */
const COLLECTOR_SHARE = 0.6;

const HOUR_MS = 3_600_000;

/** The probability of another disturbance before a kill. */
const OTHER_SHARE = 0.2;

/**
 * The plan of disturbances of the telemetry pipeline. Pure: the same seed gives the same plan. The store is unreachable
 * in the middle of it, while kills go on; after a quarter the clock jumps ahead, after three quarters far back.
 */
export function chaosPlan(seed: number, { kills, intervalMs, downMs }: ChaosSize): ChaosStep[] {
  const random = seededRandom(seed);
  const steps: ChaosStep[] = [];
  for (let kill = 0; kill < kills; kill++) {
    if (kill === Math.floor(kills / 4)) steps.push({ afterMs: 0, act: { kind: "clock", aheadMs: HOUR_MS } });
    if (kill === Math.floor((kills * 3) / 4)) steps.push({ afterMs: 0, act: { kind: "clock", aheadMs: -2 * HOUR_MS } });
    if (kill === Math.floor(kills / 2)) steps.push({ afterMs: 0, act: { kind: "down", forMs: downMs } });
    const afterMs = Math.round(intervalMs * (0.25 + 1.5 * random()));
    const other = random() < OTHER_SHARE ? anotherAct(random) : undefined;
    if (other !== undefined) steps.push({ afterMs: 0, act: other });
    steps.push({ afterMs, act: { kind: "kill", part: random() < COLLECTOR_SHARE ? "collector" : "clickhouse" } });
  }
  return steps;
}

function anotherAct(random: Random): ChaosAct {
  const forMs = Math.round(500 + 2_500 * random());
  return pick<ChaosAct>(
    [
      { kind: "freeze", forMs },
      { kind: "slow", delayMs: Math.round(50 + 450 * random()), forMs },
    ],
    random,
  );
}
