import { createPrivateKey, createPublicKey } from "node:crypto";
import { benchTaskId, DECISIONS_PER_TASK, fillDecisions, type Tampering, tamperWith, verifyDecisionLog } from "@signalbox/db/decisionLog";
import { createPrisma, makeCheckpoint } from "@signalbox/db/prisma";
import { type Finding, newCheckpointKey } from "@signalbox/model";
import type { Progress } from "../../commandLine/progress.ts";
import { openStack } from "../../supervisor/stack.ts";
import { storeUrls } from "../../supervisor/stores/stores.ts";
import { openBenchPlace, unlessAborted } from "../benchStack.ts";
import { familyCpuMicroseconds } from "../processUsage.ts";
import { rounded } from "../rounded.ts";
import { postgresServerPid } from "../runtime/runtimeStack.ts";

/** The ways to tamper with the log, with the expected findings: their kind and places. */
const TAMPERINGS = [
  { tampering: "changed", kind: "altered", seqs: [4] },
  { tampering: "removed", kind: "missing", seqs: [4] },
  { tampering: "swapped", kind: "reordered", seqs: [3, 6] },
  { tampering: "cut", kind: "cut", seqs: [7] },
] as const satisfies { tampering: Tampering; kind: Finding["kind"]; seqs: readonly number[] }[];

/** The most news per checkpoint, as in the controller. */
const NEWS_MAX = 50_000;

/** The inputs of the benchmark. */
export type DecisionsBench = {
  events: number;
  signal: AbortSignal;
  note: (line: string) => void;
  startProgress: (label: string, total: number) => Progress;
};

/** A way of tampering, whether exactly the expected findings were made, and the findings. */
export type Tampered = { tampering: Tampering; found: boolean; findings: Finding[] };

/** The processor time per verified decision, in microseconds: of this process, and of the state store (null off Linux). */
export type CpuPerEvent = { verifier: number; store: number | null };

/** The measured figures. `bytesMax` is this process's peak memory (RSS) during the verification. */
export type DecisionsFigures = {
  events: number;
  tasks: number;
  checkpoints: number;
  checkpointSeconds: number;
  whole: boolean;
  eventsPerSecond: number;
  verifySeconds: number;
  cpuMicrosecondsPerEvent: CpuPerEvent;
  bytesMax: number;
  tampered: Tampered[];
};

/** Fills a temporary store with decisions, signs them, verifies all of it, and again after each tampering. */
export async function measureDecisions({ events, signal, note, startProgress }: DecisionsBench): Promise<DecisionsFigures> {
  using place = await openBenchPlace();
  await using stack = await openStack(place.config, {
    without: ["clickhouse", "collector", "worker", "gateway", "controller", "console"],
    note,
  });
  place.removeLast();
  await unlessAborted(signal, stack.start());
  const { DATABASE_URL: databaseUrl } = storeUrls(place.config);
  const withBar = async <T>(label: string, work: (update: (done: number) => void) => Promise<T>): Promise<T> => {
    const bar = startProgress(label, events);
    return work(bar.update).finally(() => bar.stop());
  };

  note(`Storing ${events.toLocaleString("en-US")} decisions …`);
  await withBar("Stored", (progress) => fillDecisions(databaseUrl, { events, signal, progress }));
  const key = createPrivateKey(newCheckpointKey());
  const signing = await signAll(databaseUrl, key, signal);

  note("Verifying …");
  let bytesMax = 0;
  const verification = { keys: [createPublicKey(key)], heads: new Map<number, string>() };
  const verify = (progress: (events: number) => void) =>
    verifyDecisionLog(databaseUrl, {
      ...verification,
      progress: (done) => {
        signal.throwIfAborted();
        bytesMax = Math.max(bytesMax, process.memoryUsage.rss());
        progress(done);
      },
    });
  const usageBefore = usageOf(place.config.dataDir);
  const { findingsTotal, seconds, events: verified, tasks, checkpoints } = await withBar("Verified", verify);
  const cpuMicrosecondsPerEvent = costOf(usageBefore, usageOf(place.config.dataDir), verified);
  const whole = {
    events: verified,
    tasks,
    checkpoints,
    whole: findingsTotal === 0,
    verifySeconds: seconds,
    cpuMicrosecondsPerEvent,
    bytesMax,
  };

  const tampered: Tampered[] = [];
  const taskId = benchTaskId(Math.floor(events / DECISIONS_PER_TASK / 2));
  for (const { tampering, kind, seqs } of TAMPERINGS) {
    await using _tampered = await tamperWith(databaseUrl, taskId, tampering);
    const { findings } = await withBar(`Verified, one ${tampering}`, verify);
    const isFound =
      findings.length === seqs.length && findings.every((at, index) => at.kind === kind && at.taskId === taskId && at.seq === seqs[index]);
    tampered.push({ tampering, found: isFound, findings });
  }
  return { ...whole, ...signing, eventsPerSecond: Math.round(verified / seconds), tampered };
}

/** Processor time so far, in microseconds. */
type Usage = { verifier: number; store: number | undefined };

function usageOf(dataDir: string): Usage {
  const { user, system } = process.cpuUsage();
  return { verifier: user + system, store: familyCpuMicroseconds(postgresServerPid(dataDir)) };
}

function costOf(before: Usage, after: Usage, events: number): CpuPerEvent {
  const perEvent = (from: number, to: number): number => rounded((to - from) / Math.max(1, events), 2);
  return {
    verifier: perEvent(before.verifier, after.verifier),
    store: before.store === undefined || after.store === undefined ? null : perEvent(before.store, after.store),
  };
}

async function signAll(
  databaseUrl: string,
  key: ReturnType<typeof createPrivateKey>,
  signal: AbortSignal,
): Promise<{ checkpointSeconds: number }> {
  await using prisma = createPrisma(databaseUrl, { connectionsMax: 1 });
  const startedAt = performance.now();
  for (let more = true; more; ) {
    signal.throwIfAborted();
    ({ more } = await makeCheckpoint(prisma, { now: new Date(), newsMax: NEWS_MAX, key }));
  }
  return { checkpointSeconds: (performance.now() - startedAt) / 1_000 };
}
