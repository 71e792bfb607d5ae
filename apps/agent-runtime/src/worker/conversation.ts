import type { ExecutedCall, Spent, Step, TaskResult, Turn } from "@signalbox/model";

/** The number of assistant turns in a journal. */
export function countMoves(steps: readonly Step[]): number {
  return steps.filter(({ stage }) => stage.kind === "move").length;
}

/** The conversation after its opening, as a planner sees it. A tool call appears once it is answered. */
export function turnsOf(steps: readonly Step[]): Turn[] {
  return steps.flatMap(({ stage }, index): Turn[] => {
    if (stage.kind === "user") return [{ kind: "user", content: stage.output.content }];
    if (stage.kind === "move" && stage.output.kind === "reply") return [{ kind: "reply", content: stage.output.content }];
    if (stage.kind === "move" && stage.output.kind === "rejected") return [stage.output];
    if (stage.kind !== "tool") return [];
    const asked = steps[index - 1]?.stage;
    const said = asked?.kind === "move" && asked.output.kind === "tool" ? asked.output.said : null;
    return [{ kind: "tool", ...stage.input, said, output: stage.output.output }];
  });
}

/** The tokens and the cost that a task's models used so far. */
export function spentIn(steps: readonly Step[]): Spent {
  let [tokens, costUsd] = [0, 0];
  for (const { modelUse } of steps) {
    tokens += (modelUse?.inputTokens ?? 0) + (modelUse?.outputTokens ?? 0);
    costUsd += modelUse?.call?.costUsd ?? 0;
  }
  return { steps: countMoves(steps), tokens, costUsd };
}

/** The result of a conversation. */
export function resultOf(steps: readonly Step[], ended: boolean): TaskResult {
  const turns = turnsOf(steps);
  const answers = turns.flatMap((turn) => (turn.kind === "reply" ? [turn.content] : []));
  const toolCalls = turns.flatMap((turn): ExecutedCall[] => (turn.kind === "tool" ? [{ ...turn.call, output: turn.output }] : []));
  return { answers, toolCalls, ended, steps: countMoves(steps) };
}
