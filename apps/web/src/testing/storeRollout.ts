import {
  actOnRollout,
  type PrismaClient,
  readRollout,
  readRolloutRecord,
  recordLook,
  registerAgentVersion,
  startRollout,
} from "@signalbox/db/prisma";
import { BlockTally, blockUnits, latestVerdict, nextMove, type Random, seededRandom } from "@signalbox/evals";
import {
  type Arm,
  agentVersionOf,
  type Block,
  canaryOf,
  GatePolicy,
  isUnderWay,
  metricSource,
  type PerArm,
  type Rollout,
  type RolloutVerb,
  weightOf,
} from "@signalbox/model";

const MINUTE_MS = 60_000;

/** The shares of an arm's units that succeed, and that end as dead letters; and half as long as the slowest takes, in milliseconds. */
type Chances = PerArm<{ readonly success: number; readonly dlq: number; readonly tookMs?: number }>;

/** A gate of three steps on successes and dead letters, and further metrics. */
export function supportGate(name = "support-agent", ...more: object[]): GatePolicy {
  const canary = {
    steps: [
      { setWeight: 10, minUnits: 50, maxDuration: "6h" },
      { setWeight: 25, minUnits: 150, maxDuration: "12h" },
      { setWeight: 50, minUnits: 400, maxDuration: "24h" },
    ],
    metrics: [
      { name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.08, weight: 3 },
      { name: "dlq", role: "guardrail", kind: "count" },
      ...more,
    ],
  };
  return GatePolicy.parse({ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name }, spec: { canary } });
}

/** Registers a version whose planner uses the given model; returns the version's name. */
export async function storeVersion(state: PrismaClient, code: string, model: string): Promise<string> {
  const version = agentVersionOf({
    ...{ code, planner: "llm", unclear: "refuse", model: { provider: "openai", name: model, temperature: 0 } },
    ...{ prompts: { airline: { name: "airline@1", hash: code.padEnd(12, "0") } }, promptHashes: {} },
    ...{ understanding: { classifier: "local", models: {} }, tools: { names: {}, hash: "t" } },
  });
  await registerAgentVersion(state, version, { now: new Date("2026-11-27T04:00:00.000Z"), isServed: true });
  return version.name;
}

function aBlock({ policy, step }: Rollout, weight: number, chances: Chances, random: Random): Block {
  const share = weight / 100;
  const { metrics } = canaryOf({ policy });
  const named = (isCount: boolean): string[] => metrics.filter(({ kind }) => (kind === "count") === isCount).map(({ name }) => name);
  const means = named(false);
  const block = new BlockTally({ means, counts: named(true) }, step, share);
  const tookMs: { [arm in Arm]: number[] } = { candidate: [], stable: [] };
  for (let unit = 0; unit < blockUnits(share); unit += 1) {
    const arm: Arm = random() < share ? "candidate" : "stable";
    block.countUnit(arm);
    block.addGoodness(0, arm, random() < chances[arm].success ? 1 : 0);
    if (random() < chances[arm].dlq) block.addEvent(0, arm);
    for (const [index, name] of means.entries()) {
      const source = metricSource(name);
      if (source.kind !== "latency") continue;
      const ms = Math.round((0.5 + 1.5 * random()) * (chances[arm].tookMs ?? 0));
      tookMs[arm].push(ms);
      block.addGoodness(index, arm, ms > source.overMs ? 0 : 1);
    }
  }
  return { ...block.close(), ...(means.some((name) => metricSource(name).kind === "latency") ? { tookMs } : {}) };
}

/** Traffic from `from` on, with `unitsPerLook` units per minute and these chances, and the number of looks at it. */
type Traffic = { from: Date; chances: Chances; unitsPerLook: number; looksMax: number; seed: number };

/**
 * A rollout as the controller runs it: started at `from`, looked at every minute with `unitsPerLook` more units of traffic, until it is
 * over or was looked at `looksMax` times. The same seed gives the same rollout.
 */
export async function storeRollout(
  state: PrismaClient,
  { project, policy, stable, candidate }: { project: string; policy: GatePolicy; stable: string; candidate: string },
  traffic: Traffic,
): Promise<Rollout> {
  const { id } = await startRollout(state, { project, policy, stable, candidate }, { actor: "ann", now: traffic.from });
  return storeLooks(state, id, traffic);
}

/** Further looks at a rollout, the first a minute after the last one. */
export async function storeLooks(
  state: PrismaClient,
  id: string,
  { from, chances, unitsPerLook, looksMax, seed }: Traffic,
): Promise<Rollout> {
  const random = seededRandom(seed);
  for (let look = 0; look < looksMax; look += 1) {
    const record = await readRolloutRecord(state, id);
    if (!isUnderWay(record.rollout)) break;
    const at = new Date(from.getTime() + (record.looks + 1) * MINUTE_MS);
    const weight = weightOf(record.rollout);
    const count = Math.max(1, Math.round(unitsPerLook / blockUnits(weight / 100)));
    const blocks = Array.from({ length: count }, () => aBlock(record.rollout, weight, chances, random));
    const verdict = latestVerdict(record.rollout, [...record.blocks.map(({ block }) => block), ...blocks], at.getTime());
    const move = nextMove(record.rollout, verdict, record.lastVerdict);
    await recordLook(state, record, { at: at.toISOString(), waiting: 12, crossed: 0, ignored: 0, blocks, verdict, move }, at);
  }
  return readRollout(state, id);
}

/** Acts on a rollout as a person at a given time. */
export async function storeAct(state: PrismaClient, id: string, act: RolloutVerb, reason: string, now: Date): Promise<Rollout> {
  return actOnRollout(state, id, { act, reason }, { actor: "ann", now });
}
