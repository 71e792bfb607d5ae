import { advance, BlockTally, countSplit, harmEvidence, startGate, startSampleRatio } from "@signalbox/evals";
import type { Cell } from "./cells.ts";
import { EndToEndGate } from "./endToEndGate.ts";
import { ARGO, type FixedRule, FLAGGER, rollsBackAt, TUNED_RULES } from "./fixedRules.ts";
import { kayentaRollsBackAt } from "./kayentaRule.ts";
import { MinuteCounts } from "./minuteCounts.ts";
import { ALPHA, DEAD_LETTERS, OurGate, policyOf } from "./ourGate.ts";
import { pooledRollsBackAt } from "./pooledRule.ts";
import { type Session, shareAt, simulateHour, stepAt, type World } from "./world.ts";

/** The number of reports of a session where deliveries are not deduplicated, and its number of traces. */
const DELIVERIES = 3;
const TRACES = 5;

/** The number of other sessions between two reports of a session. */
const SESSIONS_BETWEEN = 40;

/**
 * A gate's hits in the simulations from `from` on: the number of the candidate's
 * sessions exposed by then, or -1 without a hit. `exposed` has those of the whole hours.
 */
export interface CellResult {
  readonly cell: number;
  readonly from: number;
  readonly exposed: Int32Array;
  readonly hits: { readonly [gate: string]: Int32Array };
}

/** The result of one simulated hour: the exposed sessions in all, and by gate at its hit, or null. */
type Hour = { exposed: number; hits: { [gate: string]: number | null } };

/** Runs the simulations `from` to `to` (exclusive) of a cell. Pure: the same seed, cell and number give the same hour, whoever runs it. */
export function simulateCell(cell: Cell, index: number, seed: number, from: number, to: number): CellResult {
  const exposed = new Int32Array(to - from);
  const hits: Record<string, Int32Array> = {};
  for (let number = from; number < to; number += 1) {
    const hour = hourOf(cell, seed * 1_000 + index, number);
    exposed[number - from] = hour.exposed;
    for (const [gate, at] of Object.entries(hour.hits)) {
      hits[gate] ??= new Int32Array(to - from).fill(-1);
      if (at !== null) (hits[gate] as Int32Array)[number - from] = at;
    }
  }
  return { cell: index, from, exposed, hits };
}

function hourOf(cell: Cell, stream: number, number: number): Hour {
  switch (cell.kind) {
    case "false_rollback":
    case "false_promotion":
      return ourHour(cell.kind, cell.world, stream, number);
    case "power":
      return comparedHour(cell.world, stream, number);
    case "control":
      return cell.control === "pooled" ? pooledHour(cell.world, stream, number) : wrongHour(cell.control, cell.world, stream, number);
    case "dead_letters":
      return deadLetterHour(cell.ratio, cell.world, stream, number);
    case "split":
      return splitHour(cell.loss, cell.world, stream, number);
    case "told":
      return toldHour(cell.world, stream, number);
  }
}

/** The product's gate alone; the hour ends when the question is decided. */
function ourHour(kind: "false_rollback" | "false_promotion", world: World, stream: number, number: number): Hour {
  const gate = new OurGate(world, policyOf(world.metrics));
  const isAnswered = (): boolean => (kind === "false_rollback" ? gate.rolledBackAt !== null : gate.wasSafe);
  simulateHour(world, stream, number, { session: (session, minute) => gate.add(session, minute), minute: () => !isAnswered() });
  const safeAt = gate.wasSafe ? gate.exposed : null;
  return { exposed: gate.exposed, hits: { ours: kind === "false_rollback" ? gate.rolledBackAt : safeAt } };
}

/** The product's gate from exposures and events on. */
function toldHour(world: World, stream: number, number: number): Hour {
  const gate = new EndToEndGate(world);
  simulateHour(world, stream, number, { session: (session, minute) => gate.add(session, minute), minute: (minute) => gate.read(minute) });
  return { exposed: gate.exposed, hits: { told: gate.rolledBackAt } };
}

/** Every gate on the same sessions. */
function comparedHour(world: World, stream: number, number: number): Hour {
  const gate = new OurGate(world, policyOf(1));
  const counts = new MinuteCounts();
  simulateHour(world, stream, number, {
    session: (session, minute) => {
      counts.add(session, minute);
      if (gate.rolledBackAt === null) gate.add(session, minute);
    },
  });
  const exposedAt = (minute: number | null): number | null => (minute === null ? null : counts.exposedBy(minute));
  const rules: readonly FixedRule[] = [ARGO, FLAGGER, ...TUNED_RULES];
  return {
    exposed: counts.exposedInAll,
    hits: {
      ours: gate.rolledBackAt,
      kayenta: exposedAt(kayentaRollsBackAt(counts)),
      ...Object.fromEntries(rules.map((rule) => [rule.name, exposedAt(rollsBackAt(rule, counts))])),
    },
  };
}

/** All sessions of an hour pooled, although the share grew while the base rate moved. */
function pooledHour(world: World, stream: number, number: number): Hour {
  const counts = new MinuteCounts();
  simulateHour(world, stream, number, { session: (session, minute) => counts.add(session, minute) });
  const at = pooledRollsBackAt(counts, ALPHA);
  return { exposed: counts.exposedInAll, hits: { pooled: at === null ? null : counts.exposedBy(at) } };
}

/**
 * The product's gate with units other than it was told. Repeated reports come
 * later, among other sessions: together in one block they would do no harm.
 */
function wrongHour(control: "traces" | "dropped" | "counted" | "duplicated", world: World, stream: number, number: number): Hour {
  const gate = new OurGate(world, policyOf(1));
  const times = control === "traces" ? TRACES : control === "duplicated" ? DELIVERIES : 1;
  const told: Session[] = [];
  const tell = (session: Session, minute: number): void => {
    if (!session.isScored && control === "dropped") return;
    if (!session.isScored) session.successes.fill(0);
    told.push({ ...session, successes: session.successes.slice() });
    for (let time = 0; time < times; time += 1) {
      const again = told[told.length - 1 - time * SESSIONS_BETWEEN];
      if (again !== undefined) gate.add(again, minute);
    }
  };
  simulateHour(world, stream, number, { session: tell, minute: () => gate.rolledBackAt === null });
  return { exposed: gate.exposed, hits: { [control]: gate.rolledBackAt } };
}

/** A counting metric: failures in this world are dead letters. */
function deadLetterHour(ratio: number, world: World, stream: number, number: number): Hour {
  let [state, exposed] = [startGate(DEAD_LETTERS), 0];
  let at: number | null = null;
  let block: BlockTally | undefined;
  let step = 0;
  const close = (): void => {
    if (block !== undefined) state = advance(state, block.close(), DEAD_LETTERS);
    block = undefined;
    if (harmEvidence(state, DEAD_LETTERS) >= 1 / ALPHA) at ??= exposed;
  };
  const rate = 1 - world.base;
  simulateHour({ ...world, effect: rate - ratio * rate }, stream, number, {
    session: ({ isCandidate, successes }, minute) => {
      if (stepAt(minute) !== step) close();
      step = stepAt(minute);
      block ??= new BlockTally({ means: [], counts: ["dlq"] }, step, shareAt(world, minute));
      const arm = isCandidate ? "candidate" : "stable";
      block.countUnit(arm);
      if (isCandidate) exposed += 1;
      if (successes[0] === 0) block.addEvent(0, arm);
      if (block.isFull) close();
    },
    minute: () => at === null,
  });
  return { exposed, hits: { ours: at } };
}

/** Tests how often the split is called wrong. */
function splitHour(loss: number, world: World, stream: number, number: number): Hour {
  let split = startSampleRatio(shareAt(world, 0));
  let [units, at]: [number, number | null] = [0, null];
  const threshold = 1 / DEAD_LETTERS.srm.alpha;
  simulateHour({ ...world, crashes: loss }, stream, number, {
    session: ({ isCandidate, isScored }, minute) => {
      units += 1;
      if (!isScored) return;
      split = countSplit(split, { candidate: Number(isCandidate), stable: Number(!isCandidate) }, shareAt(world, minute));
      if (split.eValue >= threshold) at ??= units;
    },
    minute: () => at === null,
  });
  return { exposed: units, hits: { split: at } };
}
