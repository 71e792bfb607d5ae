import type { MessagePart, Move, Turn } from "@signalbox/model";

/** A message in the JSON form of the OTel GenAI conventions. */
export type WireMessage = { role: "user" | "assistant" | "tool"; parts: MessagePart[]; finish_reason?: "stop" | "tool_call" };

type Asked = Pick<Extract<Move, { kind: "tool" }>, "callId" | "call" | "said">;

function textPart(content: string): MessagePart {
  return { type: "text", content };
}

function partsOfAsking({ callId, call, said }: Asked): MessagePart[] {
  const words = said === null || said === "" ? [] : [textPart(said)];
  return [...words, { type: "tool_call", id: callId, name: call.name, arguments: call.arguments }];
}

function messagesOfTurn(turn: Turn): WireMessage[] {
  if (turn.kind === "user") return [{ role: "user", parts: [textPart(turn.content)] }];
  if (turn.kind === "reply") return [{ role: "assistant", parts: [textPart(turn.content)] }];
  if (turn.kind === "rejected")
    return [
      { role: "assistant", parts: [textPart(turn.answer)] },
      { role: "user", parts: [textPart(turn.problem)] },
    ];
  return [
    { role: "assistant", parts: partsOfAsking(turn) },
    { role: "tool", parts: [{ type: "tool_call_response", id: turn.callId, response: turn.output }] },
  ];
}

/** A conversation from its opening on, as a model reads it. */
export function messagesOf(opening: string, turns: readonly Turn[]): WireMessage[] {
  return [{ role: "user", parts: [textPart(opening)] }, ...turns.flatMap(messagesOfTurn)];
}

/** A planner's move as a message. */
export function messageOfMove(move: Extract<Move, { kind: "tool" | "reply" | "rejected" }>): WireMessage {
  if (move.kind === "rejected") return { role: "assistant", parts: [textPart(move.answer)] };
  if (move.kind === "reply") return { role: "assistant", parts: [textPart(move.content)], finish_reason: "stop" };
  return { role: "assistant", parts: partsOfAsking(move), finish_reason: "tool_call" };
}
