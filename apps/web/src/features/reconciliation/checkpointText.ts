import type { RouterOutputs } from "@signalbox/api/client";
import { formatCount } from "../../format/amounts.ts";
import { formatDistance } from "../../format/time.ts";

export type CheckpointState = RouterOutputs["decisions"]["checkpoints"];

/** Waiting time in milliseconds after which no controller can be signing: it signs every minute. */
const WAITING_MS_MAX = 5 * 60_000;

/** Whether decisions wait for a checkpoint that is overdue. */
export function isStopped({ waitingSince }: CheckpointState, nowMs: number): boolean {
  return waitingSince !== null && nowMs - Date.parse(waitingSince) > WAITING_MS_MAX;
}

/** How far the decision log is signed, in a sentence or two. */
export function checkpointText(state: CheckpointState, nowMs: number): string {
  const { last, eventsWaiting, isMoreWaiting, waitingSince } = state;
  const signed =
    last === null
      ? "No checkpoint holds the decision log yet."
      : `Checkpoint ${formatCount(last.number)}, ${formatDistance(Date.parse(last.time), nowMs)}, holds ${formatCount(last.events)} ${last.events === 1 ? "decision" : "decisions"} of all projects.`;
  if (waitingSince === null) return last === null ? signed : `${signed} None is behind it.`;
  const count = `${formatCount(eventsWaiting)}${isMoreWaiting ? " or more" : ""}`;
  const behind = `${count} ${eventsWaiting === 1 ? "decision is" : "decisions are"} behind it`;
  return isStopped(state, nowMs)
    ? `${signed} ${behind}, the first taken ${formatDistance(Date.parse(waitingSince), nowMs)}: nobody signs. The controller's log says why.`
    : `${signed} ${behind}.`;
}

/** Where checkpoints are exported outside the store, and how far each export is. */
export function exportText({ last, exports }: CheckpointState): string {
  if (exports.length === 0)
    return "Checkpoints are told nobody outside the store: whoever holds it could cut its end off. SIGNALBOX_CHECKPOINT_FILE and SIGNALBOX_CHECKPOINT_WEBHOOK of the controller tell them.";
  const places = exports.map(({ target, number }) => {
    const missing = (last?.number ?? 0) - number;
    return `the ${target} has ${missing <= 0 ? "all" : `those up to ${formatCount(number)}, and lacks ${formatCount(missing)}`}`;
  });
  return `Checkpoints outside the store: ${places.join("; ")}.`;
}
