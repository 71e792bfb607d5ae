import {
  canonicalJson,
  comparableStage,
  type Decision,
  type Divergence,
  type Step,
  spanIdOf,
  type TaskRecording,
  withoutCourse,
} from "@signalbox/model";

/** What a replay wrote. */
export type Replayed = { steps: readonly Step[]; decisions: readonly Decision[] };

/**
 * What is compared: whether the version is the one that ran, and how a run came about. Where it was live (`courses` false) only
 * what was done and said is: not when, at which attempt, under which id of a call, for which reason, or what a model took for it.
 */
export type Strictness = { versions: boolean; courses: boolean };

type Difference = { field: string; recorded: unknown; replayed: unknown };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The first place at which two JSON values differ, in the order in which the replay wrote its keys: causes
 * stand before what follows from them there, and stores need not keep an order. Null where they are the same.
 */
export function differenceBetween(recorded: unknown, replayed: unknown, field: string): Difference | null {
  if (isRecord(recorded) && isRecord(replayed)) {
    for (const key of new Set([...Object.keys(replayed), ...Object.keys(recorded)])) {
      const difference = differenceBetween(recorded[key], replayed[key], `${field}.${key}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (canonicalJson(recorded ?? null) === canonicalJson(replayed ?? null)) return null;
  return { field, recorded: recorded ?? null, replayed: replayed ?? null };
}

function comparableDecision(decision: Decision | undefined, { versions, courses }: Strictness): unknown {
  if (decision === undefined) return undefined;
  const { kind, chosen, reason, confidence, detail, attempt, actor, time } = decision;
  if (!courses) return { kind, chosen, detail: withoutCourse(detail) };
  return {
    ...{ kind, chosen, reason, confidence, detail, attempt },
    actor: versions ? actor : { service: actor.service },
    time,
  };
}

function comparableStep(step: Step | undefined, { courses }: Strictness): unknown {
  if (step === undefined) return undefined;
  const { stage, attempt, modelUse, startedUs, finishedUs } = step;
  const compared = comparableStage(stage, { courses });
  if (!courses) return compared;
  return { ...(compared as Step["stage"]), attempt, modelUse, startedUs, finishedUs };
}

/** A place in the course of a task: the attempt, then the step (what concerns the task as a whole ends its attempt). */
function rankOf(attempt: number, step: number): number {
  return attempt * 1_000_000 + (step === 0 ? 999_999 : step);
}

/** Where a replay first parts from the record, decisions before the steps in which they were taken; null where it does not. */
export function firstDivergence({ id, steps, decisions }: TaskRecording, replayed: Replayed, strictness: Strictness): Divergence | null {
  const stepsMax = Math.max(steps.length, replayed.steps.length);
  const stepOf = new Map(Array.from({ length: stepsMax + 1 }, (_, step) => [spanIdOf(id, step), step]));
  const found: { rank: number; divergence: Divergence }[] = [];

  const decisionsMax = Math.max(decisions.length, replayed.decisions.length);
  for (let seq = 0; seq < decisionsMax; seq += 1) {
    const [ours, theirs] = [replayed.decisions[seq], decisions[seq]];
    const difference = differenceBetween(comparableDecision(theirs, strictness), comparableDecision(ours, strictness), "decision");
    if (difference === null) continue;
    const at = theirs ?? ours;
    const step = stepOf.get((theirs ?? ours)?.spanId ?? "") ?? 0;
    const rank = seq === 0 ? 0 : rankOf(at?.attempt ?? 1, step);
    found.push({ rank, divergence: { step: step === 0 ? null : step, seq, ...difference } });
    break;
  }
  for (let index = 0; index < stepsMax; index += 1) {
    const [ours, theirs] = [replayed.steps[index], steps[index]];
    const difference = differenceBetween(comparableStep(theirs, strictness), comparableStep(ours, strictness), "step");
    if (difference === null) continue;
    const step = index + 1;
    const rank = rankOf((theirs ?? ours)?.attempt ?? 1, step) + 0.5;
    found.push({ rank, divergence: { step, seq: null, ...difference } });
    break;
  }
  return found.sort((one, other) => one.rank - other.rank)[0]?.divergence ?? null;
}

/** How many decisions have the hash that is on record, of all that are there on either side. */
export function equalHashes({ decisions }: TaskRecording, replayed: Replayed): { equal: number; total: number } {
  const equal = decisions.filter(({ hash, seq }) => replayed.decisions[seq]?.hash === hash).length;
  return { equal, total: Math.max(decisions.length, replayed.decisions.length) };
}
