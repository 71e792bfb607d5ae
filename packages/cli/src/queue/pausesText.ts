import type { QueuePause } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** The paused queues, in words. */
export function pausesText(pauses: readonly QueuePause[]): string {
  if (pauses.length === 0) return "No queue is paused.";
  const rows = pauses.map((pause) => [pause.project ?? "all projects", pause.actor, pause.pausedAt, pause.reason]);
  return textTable([["paused", "by", "since", "why"], ...rows]);
}
