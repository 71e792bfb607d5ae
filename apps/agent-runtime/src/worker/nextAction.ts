import type { ModelUse, Move, PlanningAnswer, Route, Step, TaskRequest, ToolRequest } from "@signalbox/model";
import { countMoves } from "./conversation.ts";

/** The largest number of assistant turns in a task (source: τ-bench). */
const MOVES_MAX = 30;

/** The work of one step. */
export type Work =
  | { kind: "understand" }
  | { kind: "route"; route: Route }
  | { kind: "recall"; session: string | null }
  | { kind: "execute"; callId: string; call: ToolRequest }
  | { kind: "say"; move: Exclude<Move, { kind: "stop" }>; modelUse: ModelUse | null }
  | { kind: "remember"; session: string };

/** The end of a conversation. `ended` tells whether it came to a natural end. */
export type Finish = { kind: "finish"; ended: boolean; reason: string };

function has(steps: readonly Step[], kind: Step["stage"]["kind"]): boolean {
  return steps.some(({ stage }) => stage.kind === kind);
}

/** The action that closes a conversation: remember it once, then finish the task. */
function close(session: string | undefined, steps: readonly Step[], ended: boolean, reason: string): Work | Finish {
  return session !== undefined && !has(steps, "remember") ? { kind: "remember", session } : { kind: "finish", ended, reason };
}

/**
 * Whether memory is still to be queried: about the session, and for a model planner about documents even without one. It is queried before
 * the first move or never, so that a task which started without memory goes on without it.
 */
function isToRecall({ session, planner }: Pick<TaskRequest, "session" | "planner">, steps: readonly Step[]): boolean {
  if (has(steps, "recall")) return false;
  return session !== undefined || (planner.kind === "llm" && !has(steps, "move"));
}

/**
 * The action that follows the finished steps of a task; `plan` leaves it to the planner. Pure: a resumed task goes the same way as one that
 * was never interrupted.
 */
export function nextAction(request: Pick<TaskRequest, "session" | "planner">, steps: readonly Step[]): Work | Finish | { kind: "plan" } {
  if (!has(steps, "understand")) return { kind: "understand" };
  if (isToRecall(request, steps)) return { kind: "recall", session: request.session ?? null };

  const last = steps.findLast(({ stage }) => stage.kind !== "remember")?.stage;
  if (last?.kind === "move" && last.output.kind === "tool") return { kind: "execute", callId: last.output.callId, call: last.output.call };
  if (last?.kind === "tool" && last.output.endsEpisode)
    return close(request.session, steps, true, `${last.input.call.name} ends the conversation.`);
  return { kind: "plan" };
}

/** The action that follows a planner's move. An assistant's turn beyond the allowed number ends the task unfinished. */
export function actionOn({ move, modelUse }: PlanningAnswer, session: string | undefined, steps: readonly Step[]): Work | Finish {
  if (move.kind === "stop") return close(session, steps, move.ended, move.reason);
  if (move.kind !== "user" && countMoves(steps) >= MOVES_MAX) return close(session, steps, false, `${MOVES_MAX} turns did not suffice.`);
  return { kind: "say", move, modelUse };
}
