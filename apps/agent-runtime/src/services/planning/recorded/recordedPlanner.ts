import type { Move, PlannerChoice, PlanningRequest, RecordedTurn, Turn } from "@signalbox/model";

/** The recorded customer's mark for the end of the conversation (source: τ-bench). */
const STOP_MARK = "###STOP###";

type Recording = Extract<PlannerChoice, { kind: "recorded" }>;

/** The turns after the opening message; a recording may repeat the opening as its first turn. */
function turnsAfterOpening({ turns }: Recording, message: string): readonly RecordedTurn[] {
  const [first, ...rest] = turns;
  return first?.role === "user" && first.content === message ? rest : turns;
}

function isStop(turn: Turn | undefined): boolean {
  return turn?.kind === "user" && turn.content.includes(STOP_MARK);
}

/**
 * Plays a recorded conversation: each recorded turn is one move, and the tools answer for themselves. It ends at the customer's stop mark,
 * or where the recording does.
 */
export function playRecording(recording: Recording, { message, turns }: Pick<PlanningRequest, "message" | "turns">): Move {
  if (isStop(turns.at(-1))) return { kind: "stop", ended: true, reason: "The customer has nothing left to ask." };

  const recorded = turnsAfterOpening(recording, message);
  const turn = recorded[turns.length];
  if (turn === undefined) return { kind: "stop", ended: false, reason: "The recording is over and the customer has not said goodbye." };
  if (turn.role === "user") return { kind: "user", content: turn.content };

  const reason = `Recorded turn ${turns.length + 1} of ${recorded.length}.`;
  const { content, toolCall } = turn;
  if (toolCall === null) return { kind: "reply", content: content ?? "", reason };
  return { kind: "tool", callId: toolCall.id, call: { name: toolCall.name, arguments: toolCall.arguments }, said: content, reason };
}
