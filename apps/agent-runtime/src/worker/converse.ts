import type { LanguageService, MemoryService, Move, PlanningService, Step, ToolService } from "@signalbox/model";
import type { Clock } from "../clock.ts";
import { answered, planned, recalled, toolCalled, understood } from "../decisions/choices.ts";
import type { Choice } from "../decisions/decide.ts";
import { VERSION } from "../identity.ts";
import { turnsOf } from "./conversation.ts";
import type { Entry, Journal } from "./journal.ts";
import { estimateModelUse } from "./modelUse.ts";
import { actionOn, type Finish, nextAction, type Work } from "./nextAction.ts";

/** The four services that a task passes. */
export type Services = { language: LanguageService; memory: MemoryService; planning: PlanningService; tools: ToolService };

type Outcome = Omit<Entry, "startedUs">;

/** The key that makes the tool call of a step happen once, however often the step is tried. */
function idempotencyKeyOf(taskId: string, step: number): string {
  return `${taskId}:${step}`;
}

/** What a move decides. `toolStep` is the step in which a tool that it asks for will be called. */
function choicesIn(move: Exclude<Move, { kind: "stop" }>, taskId: string, toolStep: number): Choice[] {
  if (move.kind === "user") return [];
  if (move.kind === "reply") return [planned(move), answered(move.content)];
  return [planned(move), toolCalled(move.call, move.callId, idempotencyKeyOf(taskId, toolStep))];
}

/** What was said so far, the opening first. */
function spokenIn(message: string, steps: readonly Step[]): { role: string; content: string }[] {
  const spoken = turnsOf(steps).flatMap((turn) =>
    turn.kind === "tool" ? [] : [{ role: turn.kind === "reply" ? "assistant" : "user", content: turn.content }],
  );
  return [{ role: "user", content: message }, ...spoken];
}

/** Does the work of one step. Doing it again after a crash is harmless: services read, or know the key of what they did. */
async function perform(action: Work, { language, memory, tools }: Services, { task, steps }: Journal): Promise<Outcome> {
  const { project, domain, message, world } = task.request;
  switch (action.kind) {
    case "understand": {
      const output = await language.understand({ domain, message });
      return { stage: { kind: "understand", input: { message }, output }, modelUse: null, choices: [understood(output)] };
    }
    case "recall": {
      const { session } = action;
      const output = await memory.recall({ project, session });
      return { stage: { kind: "recall", input: { session }, output }, modelUse: null, choices: [recalled(output, session)] };
    }
    case "execute": {
      const { callId, call } = action;
      const scene = { domain, world, overlay: task.id };
      const output = await tools.call({ scene, idempotencyKey: idempotencyKeyOf(task.id, steps.length + 1), call, agentVersion: VERSION });
      return { stage: { kind: "tool", input: { callId, call }, output }, modelUse: null, choices: [] };
    }
    case "say": {
      const { move } = action;
      if (move.kind === "user")
        return { stage: { kind: "user", input: {}, output: { content: move.content } }, modelUse: null, choices: [] };
      const choices = choicesIn(move, task.id, steps.length + 2);
      return { stage: { kind: "move", input: {}, output: move }, modelUse: estimateModelUse(task.request, steps, move), choices };
    }
    case "remember": {
      const { session } = action;
      const turns = spokenIn(message, steps);
      for (const [index, turn] of turns.entries()) await memory.remember({ project, session, turnId: `${task.id}:${index}`, ...turn });
      return { stage: { kind: "remember", input: { session }, output: { turns: turns.length } }, modelUse: null, choices: [] };
    }
  }
}

async function plan({ planning, tools }: Services, { task, steps }: Journal): Promise<Work | Finish> {
  const { planner, domain, message, session } = task.request;
  const understanding = steps.flatMap(({ stage }) => (stage.kind === "understand" ? [stage.output] : []))[0];
  const memories = steps.flatMap(({ stage }) => (stage.kind === "recall" ? [stage.output] : []))[0] ?? { turns: [] };
  if (understanding === undefined) throw new TypeError("a plan needs an understanding first");
  const request = { planner, domain, tools: await tools.list({ domain }), message, understanding, memories, turns: turnsOf(steps) };
  return actionOn(await planning.next(request), session, steps);
}

/**
 * Takes a task from where its journal ends to the end of its conversation, one step at a time. What was decided is durable before a tool
 * is called for it, and so is what a model was paid for; the rest is made durable along with it.
 */
export async function converse(services: Services, clock: Clock, journal: Journal): Promise<Finish> {
  for (;;) {
    const startedUs = clock.nowUs();
    const next = nextAction(journal.task.request.session, journal.steps);
    const action = next.kind === "plan" ? await plan(services, journal) : next;
    if (action.kind === "finish") return action;
    if (action.kind === "execute") await journal.commit();
    const outcome = await perform(action, services, journal);
    journal.append({ ...outcome, startedUs });
    if (outcome.modelUse !== null) await journal.commit();
  }
}
