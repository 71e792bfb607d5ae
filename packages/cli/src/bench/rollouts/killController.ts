import { setTimeout as sleep } from "node:timers/promises";
import { readRolloutEvidence } from "@signalbox/db/gateEvidence";
import { listBlocks } from "@signalbox/db/prisma";
import { explainRollout } from "@signalbox/evals";
import { canonicalJson, isUnderWay, type RolloutEntry } from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { killProcess } from "../killProcess.ts";
import { killMoments } from "./killMoments.ts";

const LOOK_EVERY_MS = 250;

/** The state of a rollout's log after a kill of the controller: whether it was byte-identical once another controller worked. */
export type SurvivedKill = { rollout: string; fault: string | null };

/**
 * Kills the controller at a seed's times while some rollouts are under way;
 * returns the state of the log for each kill and each affected rollout.
 */
export async function killController(
  stack: ChaosStack,
  rollouts: readonly string[],
  { seed, lagSeconds, note }: { seed: number; lagSeconds: number; note: (line: string) => void },
  signal: AbortSignal,
): Promise<SurvivedKill[]> {
  const { afterStartMs, afterFirstBlockMs } = killMoments(seed, lagSeconds);
  const beganAt = performance.now();
  const survived: SurvivedKill[] = [];
  const kill = async (): Promise<void> => {
    const gone = await killProcess(() => stack.pidOf("controller", 0), signal);
    // No gate is at work now: the record stays as it is until the next one is.
    const met = (await evidenceOf(stack, rollouts)).filter(({ rollout }) => isUnderWay(rollout));
    while (stack.pidOf("controller", 0) === gone) await sleep(LOOK_EVERY_MS, undefined, { signal });
    await stack.ready(signal);
    const after = await evidenceOf(
      stack,
      met.map(({ rollout }) => rollout.id),
    );
    const found = after.map((evidence, index) => ({
      rollout: evidence.rollout.id,
      fault: changedText(met[index]?.entries ?? [], evidence.entries) ?? explainRollout(evidence).fault,
    }));
    survived.push(...found);
    const same = found.filter(({ fault }) => fault === null).length;
    const at = Math.round((performance.now() - beganAt) / 1_000);
    note(`the controller was killed, ${at} s after the start: ${same} of ${found.length} logs are the same to the byte`);
  };
  for (const ms of afterStartMs) {
    await sleep(Math.max(0, beganAt + ms - performance.now()), undefined, { signal });
    await kill();
  }
  while ((await Promise.all(rollouts.map((id) => listBlocks(stack.prisma, id)))).every(({ length }) => length === 0)) {
    // Rollouts that were given up before have no such time.
    if ((await evidenceOf(stack, rollouts)).every(({ rollout }) => !isUnderWay(rollout))) return survived;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  await sleep(afterFirstBlockMs, undefined, { signal });
  await kill();
  return survived;
}

const evidenceOf = ({ prisma }: ChaosStack, ids: readonly string[]) => Promise.all(ids.map((id) => readRolloutEvidence(prisma, id)));

/** The first entry of a log that has changed; null where the log only grew. */
export function changedText(before: readonly RolloutEntry[], after: readonly RolloutEntry[]): string | null {
  const changed = before.find((entry, index) => canonicalJson(entry) !== canonicalJson(after[index] ?? null));
  return changed === undefined ? null : `Entry ${changed.number} is not the same to the byte after a restart.`;
}
