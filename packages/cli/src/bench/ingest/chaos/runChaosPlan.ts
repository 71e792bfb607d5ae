import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LatencyHistogram } from "../../../loadgen/latencyHistogram.ts";
import type { BenchStack } from "../../benchStack.ts";
import { killProcess } from "../../killProcess.ts";
import type { ChaosAct, ChaosStep, Victim } from "./chaosPlan.ts";
import type { StoreProxy } from "./storeProxy.ts";

const LOOK_EVERY_MS = 10;

/** The executed disturbances, and how long the parts were away after kills. */
export interface ChaosResult {
  acts: Record<ChaosAct["kind"], number>;
  kills: Record<Victim, number>;
  recovery: Record<Victim, LatencyHistogram>;
}

/** The targets of disturbances; `clockFile` holds the lead of the collector's clock, in milliseconds. */
export interface Targets {
  stack: BenchStack;
  proxy: StoreProxy;
  clockFile: string;
}

/** Executes a plan. Its effects on the store are undone when it returns. */
export async function runChaosPlan(
  plan: readonly ChaosStep[],
  { stack, proxy, clockFile }: Targets,
  signal: AbortSignal,
): Promise<ChaosResult> {
  const result: ChaosResult = {
    acts: { kill: 0, freeze: 0, slow: 0, down: 0, clock: 0 },
    kills: { collector: 0, clickhouse: 0 },
    recovery: { collector: new LatencyHistogram(), clickhouse: new LatencyHistogram() },
  };
  const running: Promise<void>[] = [];

  /** Runs work in parallel to the plan. If it fails, the plan fails at its end. */
  function beside(work: Promise<void>): void {
    work.catch(() => {});
    running.push(work);
  }

  async function kill(part: Victim): Promise<void> {
    const pid = await killProcess(() => stack.part(part).pid, signal);
    const killedAt = performance.now();
    result.kills[part] += 1;
    beside(untilReady(stack, part, signal, (now) => now !== pid).then(() => result.recovery[part].record(performance.now() - killedAt)));
  }

  async function freeze(forMs: number): Promise<void> {
    const pid = await pidOf(stack, "clickhouse", signal);
    process.kill(pid, "SIGSTOP");
    await sleep(forMs);
    // The frozen process may have been killed meanwhile, and another be running.
    if (stack.part("clickhouse").pid === pid) process.kill(pid, "SIGCONT");
  }

  let isDown = false;

  async function takeDown(forMs: number): Promise<void> {
    isDown = true;
    proxy.show({ kind: "down" });
    await sleep(forMs, undefined, { signal });
    isDown = false;
    proxy.show({ kind: "open" });
  }

  /** An unreachable store is not slow. */
  async function slowDown(delayMs: number, forMs: number): Promise<void> {
    if (!isDown) proxy.show({ kind: "slow", delayMs });
    await sleep(forMs, undefined, { signal });
    if (!isDown) proxy.show({ kind: "open" });
  }

  async function carryOut(act: ChaosAct): Promise<void> {
    result.acts[act.kind] += 1;
    switch (act.kind) {
      case "kill":
        return kill(act.part);
      case "freeze":
        return beside(freeze(act.forMs));
      case "slow":
        return slowDown(act.delayMs, act.forMs);
      case "down":
        return beside(takeDown(act.forMs));
      case "clock":
        return writeFile(clockFile, `${act.aheadMs}\n`);
    }
  }

  for (const { afterMs, act } of plan) {
    // The supervisor delays the restart of a part that dies often: one killed at each start would never recover.
    if (act.kind === "kill") await pidOf(stack, act.part, signal);
    await sleep(afterMs, undefined, { signal });
    await carryOut(act);
  }
  await Promise.all(running);
  await Promise.all((["collector", "clickhouse"] as const).map((part) => untilReady(stack, part, signal, () => true)));
  return result;
}

/** The process id of a part, as soon as it has one. */
async function pidOf(stack: BenchStack, part: Victim, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { pid } = stack.part(part);
    if (pid !== undefined) return pid;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function untilReady(stack: BenchStack, part: Victim, signal: AbortSignal, isIt: (pid: number | undefined) => boolean): Promise<void> {
  for (;;) {
    const { status, pid } = stack.part(part);
    if (status === "ready" && isIt(pid)) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
