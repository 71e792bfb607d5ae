import { canonicalJson } from "../canonicalJson.ts";
import type { Stage } from "../tasks/step.ts";

/** Keys of a stage or a decision that record how it came about, rather than what was said or done. */
const OF_THE_COURSE = new Set(["callId", "model", "idempotencyKey", "delayMs", "reason", "confidence"]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value without `OF_THE_COURSE`, at any depth of objects; the arguments of tools are left as they are. */
export function withoutCourse(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !OF_THE_COURSE.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === "arguments" ? inner : withoutCourse(inner)]));
}

/**
 * The part of a stage that is compared between a replay and its record, or between replays. Whether a tool's answer
 * came from an earlier effect never counts; without `courses` (for live replays) only what was said and done does.
 */
export function comparableStage(stage: Stage, { courses }: { courses: boolean }): unknown {
  const told = stage.kind === "tool" ? { ...stage, output: { ...stage.output, replayed: false } } : stage;
  return courses ? told : withoutCourse(told);
}

/** Whether two stages are equal in their compared parts. */
export function isSameStage(one: Stage, other: Stage, strictness: { courses: boolean }): boolean {
  return canonicalJson(comparableStage(one, strictness)) === canonicalJson(comparableStage(other, strictness));
}
