import { setTimeout as sleep } from "node:timers/promises";
import { readRolloutEvidence } from "@signalbox/db/gateEvidence";
import { actOnRollout, changeRouting, createProject, listExposures, readRollout, startRollout, storeNow } from "@signalbox/db/prisma";
import { explainRollout, foldBlocks, look } from "@signalbox/evals";
import {
  canaryOf,
  type GatePolicy,
  isUnderWay,
  type PlantedFault,
  type Rollout,
  type RolloutEvidence,
  RolloutOrder,
  type TaskRequest,
} from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { nothingSent } from "../runtime/sender.ts";
import { sideBySide } from "../sideBySide.ts";
import { sessionSource } from "./demoSessions.ts";
import type { RolloutRun } from "./rolloutFigures.ts";
import { sendSessions } from "./sendSessions.ts";

const LOOK_EVERY_MS = 500;
const ACTOR = "bench";

/** A rollout to run: its versions, its policy, its sessions per second, and its time limit. */
export type RolloutToRun = {
  fault: PlantedFault;
  stable: string;
  candidate: string;
  policy: GatePolicy;
  perSecond: number;
  minutesMax: number;
};

/** A rollout that has begun, in a project of its own. */
export type BegunRollout = { id: string; project: string; seed: number; since: Date };

/** Begins a rollout in a project of its own. */
export async function beginRollout(
  { prisma }: ChaosStack,
  { fault, stable, candidate, policy }: RolloutToRun,
  seed: number,
): Promise<BegunRollout> {
  const project = `bench-${fault}-${seed}`;
  const since = await storeNow(prisma);
  await createProject(prisma, { name: project, organisation: ACTOR, environments: ["production"] }, since);
  await changeRouting(prisma, project, { stable }, { actor: ACTOR, now: since });
  const order = RolloutOrder.parse({ project, policy, candidate, reason: `${fault}, seed ${seed}` });
  const { id } = await startRollout(prisma, order, { actor: ACTOR, now: await storeNow(prisma) });
  return { id, project, seed, since };
}

/** Runs a rollout on live sessions until the gate ends it or its time is over; the result comes from the record alone. */
export async function runRollout(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  { fault, candidate, perSecond, minutesMax }: RolloutToRun,
  { id, project, seed, since }: BegunRollout,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<Omit<RolloutRun, "forecast" | "kills" | "sameAfterKills">> {
  const { prisma } = stack;
  const over = new AbortController();
  const nextTask = sessionSource(requests, { seed, project });
  const beganAt = performance.now();
  const [, rollout] = await sideBySide(
    signal,
    (until) => sendSessions(stack, { perSecond, nextTask }, nothingSent(), AbortSignal.any([until, over.signal])),
    (until) => untilEnded(stack, id, { minutesMax, note }, until).finally(() => over.abort()),
  );
  const seconds = Math.round((performance.now() - beganAt) / 1_000);

  const evidence = await readRolloutEvidence(prisma, id);
  const { fault: wrong } = explainRollout(evidence);
  if (wrong !== null) note(`The log of rollout ${id}: ${wrong}`);
  const verdict = evidence.entries.findLast((entry) => entry.verdict !== null)?.verdict ?? null;
  const exposures = await listExposures(prisma, project, since);
  return {
    ...{ fault, seed, seconds, isLogSame: wrong === null },
    ended: rollout.phase === "promoted" || rollout.phase === "rolledBack" ? rollout.phase : "held",
    grounds: verdict?.grounds ?? null,
    seen: seenAtSteps(evidence),
    exposed: exposures.find(({ version, variant }) => version === candidate && variant === "candidate")?.units ?? 0,
  };
}

/** The means of each metric in the blocks of each step, of both versions. */
function seenAtSteps({ rollout, blocks }: RolloutEvidence): RolloutRun["seen"] {
  const policy = canaryOf(rollout);
  return policy.steps.map((_, step) => {
    const state = foldBlocks(
      blocks.map(({ block }) => block).filter((block) => block.step === step),
      policy,
    );
    return Object.fromEntries(look(state, policy, { step }).metrics.map(({ name, mean }) => [name, mean]));
  });
}

/** Waits until a rollout is over. One that takes too long is aborted. */
async function untilEnded(
  { prisma }: ChaosStack,
  id: string,
  { minutesMax, note }: { minutesMax: number; note: (line: string) => void },
  signal: AbortSignal,
): Promise<Rollout> {
  const endsAt = performance.now() + minutesMax * 60_000;
  let step = 0;
  for (;;) {
    const rollout = await readRollout(prisma, id);
    if (!isUnderWay(rollout)) return rollout;
    if (rollout.step !== step) note(`step ${rollout.step + 1}: ${rollout.reason}`);
    step = rollout.step;
    if (performance.now() > endsAt)
      return actOnRollout(
        prisma,
        id,
        { act: "abort", reason: `It has not ended within ${minutesMax} minutes.` },
        { actor: ACTOR, now: await storeNow(prisma) },
      );
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
