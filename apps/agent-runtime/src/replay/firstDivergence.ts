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

/** The steps and decisions that a replay wrote. */
export type Replayed = { steps: readonly Step[]; decisions: readonly Decision[] };

/**
 * How strict a comparison is. `versions`: the agent versions must be equal. `courses`: so must the course of the run, that is times,
 * attempts, ids of calls, reasons, and the usage of models. A live replay (`courses` false) compares only what was done and said.
 */
export type Strictness = { versions: boolean; courses: boolean };

type Difference = { field: string; recorded: unknown; replayed: unknown };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The first path at which two JSON values differ; null if they are equal. Keys go in the order in which the replay wrote them: there causes
 * stand before their effects, and stores need not preserve order.
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

/** The rank of a place in a task's course: by attempt, then by step. Step 0, the task as a whole, comes last in its attempt. */
function rankOf(attempt: number, step: number): number {
  return attempt * 1_000_000 + (step === 0 ? 999_999 : step);
}

/** The first place at which a replay diverges from the record, decisions before the steps in which they were taken; null if it does not. */
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

/** How many decisions have the recorded hash, out of all decisions on the longer side. */
export function equalHashes({ decisions }: TaskRecording, replayed: Replayed): { equal: number; total: number } {
  const equal = decisions.filter(({ hash, seq }) => replayed.decisions[seq]?.hash === hash).length;
  return { equal, total: Math.max(decisions.length, replayed.decisions.length) };
}
