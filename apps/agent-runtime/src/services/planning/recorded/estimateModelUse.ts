import { estimateTokens, type ModelUse, type Move, type PlannerChoice, type PlanningRequest, type Turn } from "@signalbox/model";

function textsOfMove(move: Move): string[] {
  if (move.kind === "tool") return [move.said ?? "", move.call.name, JSON.stringify(move.call.arguments)];
  return move.kind === "reply" || move.kind === "user" ? [move.content] : [];
}

function textsOfTurn(turn: Turn): string[] {
  if (turn.kind === "tool") return [turn.said ?? "", turn.call.name, JSON.stringify(turn.call.arguments), turn.output];
  return turn.kind === "rejected" ? [turn.answer, turn.problem] : [turn.content];
}

/** Estimated usage of the recorded model for a move: the whole conversation in, the move out. A recording has no token counts. */
export function estimateModelUse(
  { provider, model, system }: Extract<PlannerChoice, { kind: "recorded" }>,
  { message, turns }: Pick<PlanningRequest, "message" | "turns">,
  move: Move,
): ModelUse | null {
  if (move.kind !== "tool" && move.kind !== "reply") return null;
  return {
    provider,
    model,
    inputTokens: estimateTokens([system, message, ...turns.flatMap(textsOfTurn)]),
    outputTokens: estimateTokens(textsOfMove(move)),
    call: null,
  };
}
