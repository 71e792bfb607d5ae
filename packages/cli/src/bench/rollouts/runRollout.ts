import { setTimeout as sleep } from "node:timers/promises";
import { readRolloutEvidence } from "@signalbox/db/gateEvidence";
import {
  actOnRollout,
  changeRouting,
  clearRouting,
  listBlocks,
  listExposures,
  readRollout,
  startRollout,
  storeNow,
} from "@signalbox/db/prisma";
import { explainRollout } from "@signalbox/evals";
import { type GatePolicy, isUnderWay, type PlantedFault, type Rollout, RolloutOrder, type TaskRequest } from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { killProcess } from "../killProcess.ts";
import { nothingSent } from "../runtime/sender.ts";
import { sideBySide } from "../sideBySide.ts";
import { PROJECT, sessionSource } from "./demoSessions.ts";
import { killMoments } from "./killMoments.ts";
import type { RolloutRun } from "./rolloutFigures.ts";
import { sendSessions } from "./sendSessions.ts";

const LOOK_EVERY_MS = 250;
const ACTOR = "bench";

/** A rollout to run: from which version to which, under what, with how many sessions a second, and when it is given up. */
export type RolloutToRun = {
  fault: PlantedFault;
  seed: number;
  stable: string;
  candidate: string;
  policy: GatePolicy;
  perSecond: number;
  lagSeconds: number;
  minutesMax: number;
  note: (line: string) => void;
};

/** Rolls a version out on live sessions while the controller is killed, until the gate ends it or its time is over; says by the record alone how that was. */
export async function runRollout(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  { fault, seed, stable, candidate, policy, perSecond, lagSeconds, minutesMax, note }: RolloutToRun,
  signal: AbortSignal,
): Promise<Omit<RolloutRun, "forecast">> {
  const { prisma } = stack;
  const since = await storeNow(prisma);
  // An equal version that was promoted is what the project was left with.
  await clearRouting(prisma, PROJECT, { actor: ACTOR, now: since });
  await changeRouting(prisma, PROJECT, { stable }, { actor: ACTOR, now: since });
  const order = RolloutOrder.parse({ project: PROJECT, policy, candidate, reason: `${fault}, seed ${seed}` });
  const { id } = await startRollout(prisma, order, { actor: ACTOR, now: await storeNow(prisma) });
  const beganAt = performance.now();

  const over = new AbortController();
  const nextTask = sessionSource(requests, { seed });
  const [, [rollout, kills]] = await sideBySide(
    signal,
    (until) => sendSessions(stack, { perSecond, nextTask }, nothingSent(), AbortSignal.any([until, over.signal])),
    (until) =>
      sideBySide(
        until,
        (both) => untilEnded(stack, id, { minutesMax, note }, both),
        (both) => killController(stack, id, { seed, lagSeconds, note }, both),
      ).finally(() => over.abort()),
  );
  const seconds = Math.round((performance.now() - beganAt) / 1_000);

  const evidence = await readRolloutEvidence(prisma, id);
  const { fault: wrong } = explainRollout(evidence);
  if (wrong !== null) note(`The log of rollout ${id}: ${wrong}`);
  const exposures = await listExposures(prisma, PROJECT, since);
  return {
    ...{ fault, seed, seconds, kills, isLogSame: wrong === null },
    ended: rollout.phase === "promoted" || rollout.phase === "rolledBack" ? rollout.phase : "held",
    grounds: evidence.entries.findLast(({ verdict }) => verdict !== null)?.verdict?.grounds ?? null,
    exposed: exposures.find(({ version, variant }) => version === candidate && variant === "candidate")?.units ?? 0,
  };
}

/** Waits until a rollout is over. One that takes too long is aborted. */
async function untilEnded(
  { prisma }: ChaosStack,
  id: string,
  { minutesMax, note }: Pick<RolloutToRun, "minutesMax" | "note">,
  signal: AbortSignal,
): Promise<Rollout> {
  const endsAt = performance.now() + minutesMax * 60_000;
  let told = "";
  for (;;) {
    const rollout = await readRollout(prisma, id);
    const now = `${rollout.phase}, step ${rollout.step + 1}: ${rollout.reason}`;
    if (now !== told) note(now);
    told = now;
    if (!isUnderWay(rollout)) return rollout;
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

/** Kills the controller at the moments of a seed; answers how often. */
async function killController(
  stack: ChaosStack,
  id: string,
  { seed, lagSeconds, note }: Pick<RolloutToRun, "seed" | "lagSeconds" | "note">,
  signal: AbortSignal,
): Promise<number> {
  const { afterStartMs, afterFirstBlockMs } = killMoments(seed, lagSeconds);
  const beganAt = performance.now();
  let kills = 0;
  const kill = async (): Promise<void> => {
    await killProcess(() => stack.pidOf("controller", 0), signal);
    kills += 1;
    note(`kill ${kills} of the controller, ${Math.round((performance.now() - beganAt) / 1_000)} s after the start`);
  };
  for (const ms of afterStartMs) {
    await sleep(Math.max(0, beganAt + ms - performance.now()), undefined, { signal });
    await kill();
  }
  // One that was given up before has no such moment.
  while ((await listBlocks(stack.prisma, id)).length === 0) {
    if (!isUnderWay(await readRollout(stack.prisma, id))) return kills;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  await sleep(afterFirstBlockMs, undefined, { signal });
  await kill();
  return kills;
}
