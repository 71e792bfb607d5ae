import type { ModelUse, Move, Step, TaskRequest } from "@signalbox/model";
import { turnsOf } from "./conversation.ts";

/** A token is about four characters of English: an estimate, for recordings that carry no counts. */
const CHARACTERS_PER_TOKEN = 4;

function tokensIn(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN);
}

function textsOf(move: Move): string[] {
  if (move.kind === "tool") return [move.said ?? "", move.call.name, JSON.stringify(move.call.arguments)];
  return move.kind === "stop" ? [] : [move.content];
}

/**
 * What a move took of the model that is said to have made it: the whole conversation in, the move out. Null for our own rules, which are
 * no model.
 */
export function estimateModelUse({ planner, message }: TaskRequest, steps: readonly Step[], move: Move): ModelUse | null {
  if (planner.kind === "rules") return null;
  const conversation = turnsOf(steps).flatMap((turn) =>
    turn.kind === "tool" ? [turn.said ?? "", turn.call.name, JSON.stringify(turn.call.arguments), turn.output] : [turn.content],
  );
  return {
    provider: planner.provider,
    model: planner.model,
    inputTokens: tokensIn([planner.system, message, ...conversation]),
    outputTokens: tokensIn(textsOf(move)),
  };
}
