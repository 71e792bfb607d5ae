import { countOpenTasks } from "@signalbox/db/prisma";
import { forecast } from "@signalbox/evals";
import type { CanaryPolicy, PlantedFault, TaskRequest } from "@signalbox/model";
import { calledOffBy } from "../benchStack.ts";
import { type ChaosStack, startChaosStack } from "../chaos/chaosStack.ts";
import { untilGone } from "../chaos/untilGone.ts";
import { DEMO_TASKS, demoRequests } from "./demoSessions.ts";
import { lateShare, measureVersion, type VersionFigures } from "./measureVersion.ts";
import { PLAN_MS, startPlantedWorker, versionWith } from "./plantedWorker.ts";
import { countRuns, type RolloutFigures, type RolloutRun } from "./rolloutFigures.ts";
import { latencyMetric, rolloutPolicy } from "./rolloutPolicy.ts";
import { runRollout } from "./runRollout.ts";

/** So many sessions say how long the stable version takes, and how much worse another is. */
const STABLE_SESSIONS = 120;
const CANDIDATE_SESSIONS = 80;

const SIMS = 200;

/** Tasks of which none comes to its end for so long, will not. */
const STALL_MS = 60_000;

export interface RolloutBenchOptions {
  faults: readonly PlantedFault[];
  seeds: number;
  perSecond: number;
  lagSeconds: number;
  minutesMax: number;
  note: (line: string) => void;
  signal: AbortSignal;
}

/** Shares that a policy's metrics are means of. */
type Shares = { reward: number; late: number; dlq: number };

/** Rolls out versions with something planted, on a Signalbox in a place of its own whose controller is killed meanwhile. */
export async function measureRollouts({
  faults,
  seeds,
  perSecond,
  lagSeconds,
  minutesMax,
  note,
  ...options
}: RolloutBenchOptions): Promise<RolloutFigures> {
  const settings = { SIGNALBOX_DEMO_TASKS: String(DEMO_TASKS), SIGNALBOX_PLAN_MS: String(PLAN_MS) };
  note("Starting a Signalbox of its own …");
  await using stack = await startChaosStack({ store: "postgres", settings });
  const signal = calledOffBy(options.signal, stack);
  await stack.ready(signal);
  const requests = await demoRequests(stack.prisma, signal);

  const stable = await versionWith(stack, null, signal);
  note(`Measuring the stable version, ${stable} …`);
  const usual = await measureVersion(stack, requests, { version: stable, sessions: STABLE_SESSIONS, perSecond, seed: 0 }, signal);
  const objectiveMs = Math.ceil(usual.tookMs[Math.floor(0.9 * usual.tookMs.length)] ?? 0);
  const usually = sharesOf(usual, objectiveMs);
  note(`Of its tasks ${percent(usually.reward)} were right, and nine of ten took ${objectiveMs} ms at most.`);
  const policy = rolloutPolicy(objectiveMs, lagSeconds);

  const runs: RolloutRun[] = [];
  for (const fault of faults) {
    await using worker = await startPlantedWorker(stack, fault, signal);
    const until = calledOffBy(signal, worker);
    const { version: candidate } = worker;
    const expected = await expectedShares(stack, requests, { fault, candidate, perSecond, objectiveMs, usually }, until);
    const means = { stable: usually, candidate: expected };
    const foretold = forecastOf(policy.spec.canary as CanaryPolicy, means, { objectiveMs, perSecond, minutesMax });
    note(
      `${fault}: about ${foretold.exposed.median} sessions of ${candidate} are forecast (nine of ten rollouts: ${foretold.exposed.p90}).`,
    );
    for (let seed = 1; seed <= seeds; seed += 1) {
      const say = (line: string): void => note(`${fault}, seed ${seed}: ${line}`);
      const rolled = { fault, seed, stable, candidate, policy, perSecond, lagSeconds, minutesMax, note: say };
      const run = await runRollout(stack, requests, rolled, until);
      runs.push({ ...run, forecast: foretold });
      say(`${run.ended} on ${run.grounds ?? "no"} grounds after ${run.seconds} s and ${run.exposed} sessions of the candidate`);
      await untilGone({ stallMs: STALL_MS, signal: until }, () => countOpenTasks(stack.prisma));
    }
  }
  return { objectiveMs, perSecond, runs, ...countRuns(runs) };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const sharesOf = (figures: VersionFigures, objectiveMs: number): Shares => ({
  ...{ reward: figures.reward, dlq: figures.dlq, late: lateShare(figures, objectiveMs) },
});

/** What a version will do: measured where nobody can know, else what the planting says. A dead letter is a failure in every metric. */
async function expectedShares(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  {
    fault,
    candidate,
    perSecond,
    objectiveMs,
    usually,
  }: { fault: PlantedFault; candidate: string; perSecond: number; objectiveMs: number; usually: Shares },
  signal: AbortSignal,
): Promise<Shares> {
  const { reward, late, dlq } = usually;
  if (fault === "none") return usually;
  if (fault === "dead") return { reward: reward * 0.95, late: late + (1 - late) * 0.05, dlq: dlq + (1 - dlq) * 0.05 };
  const measured = { version: candidate, sessions: CANDIDATE_SESSIONS, perSecond, seed: 0 };
  return sharesOf(await measureVersion(stack, requests, measured, signal), objectiveMs);
}

function forecastOf(
  policy: CanaryPolicy,
  { stable, candidate }: { stable: Shares; candidate: Shares },
  { objectiveMs, perSecond, minutesMax }: { objectiveMs: number; perSecond: number; minutesMax: number },
): RolloutRun["forecast"] {
  const of = (share: keyof Shares) => ({ stable: stable[share], candidate: candidate[share] });
  const traffic = {
    ...{ unitsPerHour: perSecond * 3_600, hoursMax: minutesMax / 60 },
    means: { reward: of("reward"), [latencyMetric(objectiveMs)]: of("late"), dlq: of("dlq") },
  };
  const { rolledBack, promoted, candidateUnits } = forecast(policy, traffic, { sims: SIMS, seed: 1 });
  return { rolledBack, promoted, exposed: candidateUnits };
}
