import type { ExecutedCall, Step, TaskResult, Turn } from "@signalbox/model";

/** The assistant's turns in a journal. */
export function countMoves(steps: readonly Step[]): number {
  return steps.filter(({ stage }) => stage.kind === "move").length;
}

/** The conversation after its opening, as a planner sees it. A tool call appears once it is answered. */
export function turnsOf(steps: readonly Step[]): Turn[] {
  return steps.flatMap(({ stage }, index): Turn[] => {
    if (stage.kind === "user") return [{ kind: "user", content: stage.output.content }];
    if (stage.kind === "move" && stage.output.kind === "reply") return [{ kind: "reply", content: stage.output.content }];
    if (stage.kind !== "tool") return [];
    const asked = steps[index - 1]?.stage;
    const said = asked?.kind === "move" && asked.output.kind === "tool" ? asked.output.said : null;
    return [{ kind: "tool", ...stage.input, said, output: stage.output.output }];
  });
}

/** What a conversation came to. */
export function resultOf(steps: readonly Step[], ended: boolean): TaskResult {
  const turns = turnsOf(steps);
  const answers = turns.flatMap((turn) => (turn.kind === "reply" ? [turn.content] : []));
  const toolCalls = turns.flatMap((turn): ExecutedCall[] => (turn.kind === "tool" ? [{ ...turn.call, output: turn.output }] : []));
  return { answers, toolCalls, ended, steps: countMoves(steps) };
}
