import { type FinishedRun, judgeRun, type RecordedConversation } from "@signalbox/evals";
import type { Scene, SceneState, ToolService } from "@signalbox/model";

/** How many of the recorded outputs, rewards and data hashes the tools reproduce. `differing` counts the outputs that differed, by tool. */
export interface ReplayFigures {
  readonly toolOutputs: { matched: number; total: number };
  readonly rewards: { agreed: number; total: number };
  readonly dataHashes: { agreed: number; total: number };
  readonly differing: Readonly<Record<string, number>>;
}

type ToolTurn = { name: string; arguments: Record<string, unknown> };

/** A conversation being played: the calls left to make, and the answers so far. */
interface Played {
  readonly conversation: RecordedConversation;
  readonly scene: Scene;
  readonly calls: readonly ToolTurn[];
  readonly outputs: string[];
  hasHandedOver: boolean;
}

function turnsOf({ request }: RecordedConversation) {
  return request.planner.kind === "recorded" ? request.planner.turns : [];
}

/** The result of a played conversation, in the form that the agent's worker reports. */
function finish({ conversation, hasHandedOver }: Played, { changed }: SceneState): FinishedRun {
  const turns = turnsOf(conversation);
  const last = turns.at(-1);
  const said = turns.flatMap((turn) => (turn.role === "assistant" ? [turn] : []));
  return {
    ended: hasHandedOver || (last?.role === "user" && last.content.includes("###STOP###")),
    steps: said.length,
    answers: said.flatMap(({ toolCall, content }) => (toolCall === null && content !== null ? [content] : [])),
    finalState: changed,
  };
}

/**
 * Plays the tool calls of recorded conversations in lockstep (the first calls of all of them at once, then the second ones), so that they
 * interleave as much as possible. Then compares outputs, rewards and hashes of the expected states with the recorded ones. `run` keeps the
 * overlays of several replays apart.
 */
export async function replayRecordings(
  service: ToolService,
  world: string,
  conversations: readonly RecordedConversation[],
  run: string,
): Promise<ReplayFigures> {
  const played: Played[] = conversations.map((conversation) => ({
    conversation,
    scene: { domain: "airline", world, overlay: `${run} ${conversation.taskId}/${conversation.trial}` },
    calls: turnsOf(conversation).flatMap((turn) => (turn.role === "assistant" && turn.toolCall !== null ? [turn.toolCall] : [])),
    outputs: [],
    hasHandedOver: false,
  }));
  const longest = Math.max(...played.map(({ calls }) => calls.length));
  for (let index = 0; index < longest; index += 1)
    await Promise.all(
      played.map(async (one) => {
        const turn = one.calls[index];
        if (turn === undefined) return;
        const call = { name: turn.name, arguments: turn.arguments };
        const { output, endsEpisode } = await service.call({ scene: one.scene, idempotencyKey: String(index), call });
        one.outputs.push(output);
        one.hasHandedOver ||= endsEpisode;
      }),
    );

  const expected = new Map<string, Promise<SceneState>>();
  const expectedState = (actions: readonly ToolTurn[]): Promise<SceneState> => {
    const key = JSON.stringify(actions);
    const state =
      expected.get(key) ?? executeAll(service, { domain: "airline", world, overlay: `${run} expected ${expected.size}` }, actions);
    expected.set(key, state);
    return state;
  };

  const figures = { toolOutputs: { matched: 0, total: 0 }, rewards: { agreed: 0, total: 0 }, dataHashes: { agreed: 0, total: 0 } };
  const differing: Record<string, number> = {};
  await Promise.all(
    played.map(async (one) => {
      const { expectation } = one.conversation.request;
      const { toolOutputs, reward, gtDataHash } = one.conversation.recorded;
      for (const [index, output] of toolOutputs.entries()) {
        const name = one.calls[index]?.name ?? "";
        const isMatch = one.outputs[index] === output;
        figures.toolOutputs.total += 1;
        figures.toolOutputs.matched += isMatch ? 1 : 0;
        if (!isMatch) differing[name] = (differing[name] ?? 0) + 1;
      }
      const [state, goal] = await Promise.all([service.state(one.scene), expectedState(expectation.actions)]);
      const judged = judgeRun(finish(one, state), { ...expectation, finalState: goal.changed });
      figures.rewards.total += 1;
      figures.rewards.agreed += judged.reward === reward ? 1 : 0;
      if (gtDataHash === null) return;
      figures.dataHashes.total += 1;
      figures.dataHashes.agreed += goal.dataHash === gtDataHash ? 1 : 0;
    }),
  );
  return { ...figures, differing };
}

/** Executes actions one after another in a scene of their own, and returns its final state. */
async function executeAll(service: ToolService, scene: Scene, actions: readonly ToolTurn[]): Promise<SceneState> {
  for (const [index, call] of actions.entries()) await service.call({ scene, idempotencyKey: String(index), call });
  return service.state(scene);
}
