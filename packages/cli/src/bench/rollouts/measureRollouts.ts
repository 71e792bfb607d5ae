import { countOpenTasks } from "@signalbox/db/prisma";
import { forecast, lookPace, type SimulatedMeans } from "@signalbox/evals";
import { type Arm, type CanaryPolicy, type PlantedFault, percentText, type TaskRequest } from "@signalbox/model";
import { calledOffBy } from "../benchStack.ts";
import { type ChaosStack, startChaosStack } from "../chaos/chaosStack.ts";
import { untilGone } from "../chaos/untilGone.ts";
import { sideBySide } from "../sideBySide.ts";
import { DEMO_TASKS, demoRequests } from "./demoSessions.ts";
import { measureVersion, type VersionFigures } from "./measureVersion.ts";
import { PLAN_MS, startPlantedWorker, versionWith } from "./plantedWorker.ts";
import { type RolloutFigures, type RolloutRun, summarise } from "./rolloutFigures.ts";
import { latencyMetric, rolloutPolicy } from "./rolloutPolicy.ts";
import { runWave } from "./runWave.ts";

/** The number of sessions that measure the stable version's latency. */
const STABLE_SESSIONS = 300;

/** The number of sessions of either version, bounded by a number of seconds, that measure how much worse another version is. */
const COMPARED_SESSIONS = 150;
const COMPARED_SECONDS = 150;

const SIMS = 200;

/** The time after which tasks without progress are given up. */
const STALL_MS = 60_000;

/** `perSecond` is the rate of sessions of each rollout, of which `atOnce` are under way together. */
export interface RolloutBenchOptions {
  faults: readonly PlantedFault[];
  seeds: number;
  atOnce: number;
  perSecond: number;
  lagSeconds: number;
  minutesMax: number;
  note: (line: string) => void;
  signal: AbortSignal;
}

/** Shares whose means are a policy's metrics. */
type Shares = { reward: number; late: number; dlq: number };
type ArmShares = { [arm in Arm]: Shares };

/**
 * The gate's metrics for these rollouts are in the state store. Spans of
 * all their sessions would cost the machine as much as the sessions do.
 */
const SETTINGS = { SIGNALBOX_TELEMETRY: "off", SIGNALBOX_DEMO_TASKS: String(DEMO_TASKS), SIGNALBOX_PLAN_MS: String(PLAN_MS) };

/** Rolls out versions with a planted fault, on a Signalbox of its own whose controller is killed meanwhile. */
export async function measureRollouts({
  faults,
  seeds,
  atOnce,
  perSecond,
  lagSeconds,
  minutesMax,
  note,
  ...options
}: RolloutBenchOptions): Promise<RolloutFigures> {
  note("Starting a Signalbox of its own …");
  await using stack = await startChaosStack({ store: "postgres", settings: SETTINGS });
  const signal = calledOffBy(options.signal, stack);
  await stack.ready(signal);
  note(`It works; ${DEMO_TASKS} tasks of the demo go through it …`);
  const requests = await demoRequests(stack.prisma, signal);

  // Measured at the load that it will have while the rollouts are under way.
  const allPerSecond = perSecond * Math.min(atOnce, seeds);
  const stable = await versionWith(stack, null, signal);
  note(`Measuring the stable version, ${stable}, with ${allPerSecond} sessions a second …`);
  const lagMs = lagSeconds * 1_000;
  const measured = { version: stable, sessions: STABLE_SESSIONS, perSecond: allPerSecond, seed: 0, lagMs };
  const usual = await measureVersion(stack, requests, measured, signal);
  const objectiveMs = Math.ceil(usual.tookMs[Math.floor(0.9 * usual.tookMs.length)] ?? 0);
  const usually = sharesOf(usual, objectiveMs);
  note(`Of its tasks ${percentText(usually.reward)} were right, and nine of ten took ${objectiveMs} ms at most.`);
  const policy = rolloutPolicy(objectiveMs, lagSeconds);
  const canary = policy.spec.canary as CanaryPolicy;

  const runs: RolloutRun[] = [];
  for (const fault of faults) {
    await using worker = await startPlantedWorker(stack, fault, signal);
    const until = calledOffBy(signal, worker);
    const { version: candidate } = worker;
    const means: ArmShares[] = [];
    for (const { setWeight } of canary.steps) {
      const compared = { stable, candidate, share: setWeight / 100, perSecond: allPerSecond, objectiveMs, lagMs };
      const shares = isMeasured(fault) ? await compareVersions(stack, requests, compared, until) : plantedShares(fault, usually);
      note(`${fault}: ${armsText(shares)} at ${setWeight} %`);
      means.push(shares);
    }
    const foretold = forecastOf(canary, means, { objectiveMs, perSecond, minutesMax });
    note(
      `${fault}: about ${foretold.exposed.median} sessions of ${candidate} are forecast (nine of ten rollouts: ${foretold.exposed.p90}).`,
    );
    const version = { fault, stable, candidate, policy, perSecond, minutesMax };
    for (let first = 1; first <= seeds; first += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, seeds + 1 - first) }, (_, index) => first + index);
      const wave = { seeds: some, lagSeconds, note: (line: string) => note(`${fault}: ${line}`) };
      const ended = await runWave(stack, requests, version, wave, until);
      runs.push(...ended.map((run) => ({ ...run, forecast: foretold })));
      await untilGone({ stallMs: STALL_MS, signal: until }, () => countOpenTasks(stack.prisma));
    }
  }
  return { objectiveMs, perSecond, atOnce, lagSeconds, ...summarise(runs), runs };
}

const sharesOf = ({ reward, dlq, late }: VersionFigures, objectiveMs: number): Shares => ({ reward, dlq, late: late(objectiveMs) });

/** Whether a fault's effect has to be measured. */
const isMeasured = (fault: PlantedFault): fault is Exclude<PlantedFault, "none" | "dead"> => fault !== "none" && fault !== "dead";

/** The shares of both versions for a fault with a known effect. A dead letter is a failure in every metric. */
function plantedShares(fault: "none" | "dead", usually: Shares): ArmShares {
  const { reward, late, dlq } = usually;
  const dead = { reward: reward * 0.95, late: late + (1 - late) * 0.05, dlq: dlq + (1 - dlq) * 0.05 };
  return { stable: usually, candidate: fault === "none" ? usually : dead };
}

/** The shares of both versions, in words. */
const armsText = ({ candidate, stable }: ArmShares): string =>
  `${percentText(candidate.reward)} of the candidate right (stable ${percentText(stable.reward)}), ${percentText(candidate.late)} late (${percentText(stable.late)})`;

/**
 * The shares of both versions, measured at the same time, each with the sessions that it has at a step whose share is given:
 * how late a worker is depends on how many it has, and a gate sees it with those of the step.
 */
async function compareVersions(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  {
    share,
    perSecond,
    objectiveMs,
    lagMs,
    ...versions
  }: { stable: string; candidate: string; share: number; perSecond: number; objectiveMs: number; lagMs: number },
  signal: AbortSignal,
): Promise<ArmShares> {
  const measure = (arm: Arm) => (until: AbortSignal) => {
    const its = perSecond * (arm === "candidate" ? share : 1 - share);
    const sessions = Math.min(COMPARED_SESSIONS, Math.ceil(COMPARED_SECONDS * its));
    return measureVersion(stack, requests, { version: versions[arm], sessions, perSecond: its, seed: 0, lagMs }, until);
  };
  const [stable, candidate] = await sideBySide<[VersionFigures, VersionFigures]>(signal, measure("stable"), measure("candidate"));
  return { stable: sharesOf(stable, objectiveMs), candidate: sharesOf(candidate, objectiveMs) };
}

/** The simulator's forecast for rollouts whose versions behave as measured, step by step. */
function forecastOf(
  policy: CanaryPolicy,
  atSteps: readonly ArmShares[],
  { objectiveMs, perSecond, minutesMax }: { objectiveMs: number; perSecond: number; minutesMax: number },
): RolloutRun["forecast"] {
  const meansAt = atSteps.map(({ stable, candidate }): SimulatedMeans => {
    const of = (share: keyof Shares) => ({ stable: stable[share], candidate: candidate[share] });
    return { reward: of("reward"), [latencyMetric(objectiveMs)]: of("late"), dlq: of("dlq") };
  });
  const [means = {}] = meansAt;
  const traffic = { unitsPerHour: perSecond * 3_600, hoursMax: minutesMax / 60, pace: lookPace(policy), means, meansAt };
  const { rolledBack, promoted, candidateUnits } = forecast(policy, traffic, { sims: SIMS, seed: 1 });
  return { rolledBack, promoted, exposed: candidateUnits, means: meansAt };
}
