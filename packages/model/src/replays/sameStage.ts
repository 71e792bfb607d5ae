import { canonicalJson } from "../canonicalJson.ts";
import type { Stage } from "../tasks/step.ts";

/** Keys of a stage or a decision that hold how it came about, and not what was done or said. */
const OF_THE_COURSE = new Set(["callId", "model", "idempotencyKey", "delayMs", "reason", "confidence"]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value without what is in it because of how it came about; arguments of tools are left as they are. */
export function withoutCourse(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !OF_THE_COURSE.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === "arguments" ? inner : withoutCourse(inner)]));
}

/**
 * As much of a stage as is compared, of a replay with its record or with another: not whether a tool's answer came from
 * what it had done already, and without `courses` (of live replays) only what was done and said.
 */
export function comparableStage(stage: Stage, { courses }: { courses: boolean }): unknown {
  const told = stage.kind === "tool" ? { ...stage, output: { ...stage.output, replayed: false } } : stage;
  return courses ? told : withoutCourse(told);
}

/** Whether two stages are the same, as far as they are compared. */
export function isSameStage(one: Stage, other: Stage, strictness: { courses: boolean }): boolean {
  return canonicalJson(comparableStage(one, strictness)) === canonicalJson(comparableStage(other, strictness));
}
