import { randomUUID } from "node:crypto";
import { sha256 } from "./sha256.ts";

/** A new random identifier (UUID version 4). */
export function newId(): string {
  return randomUUID();
}

/** A deterministic UUID-shaped identifier: SHA-256 of the JSON text of `parts`, so that repeating an act gives the same name. */
export function stableId(...parts: readonly string[]): string {
  const hex = sha256(JSON.stringify(parts));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The trace id (32 hex digits) of a task: the same whenever the task is resumed or its telemetry sent again. */
export function traceIdOf(taskId: string): string {
  return sha256(`trace:${taskId}`).slice(0, 32);
}

/** The span id (16 hex digits) of a task's step; step 0 is the task itself, the root span. */
export function spanIdOf(taskId: string, step: number): string {
  return sha256(`span:${taskId}:${step}`).slice(0, 16);
}
