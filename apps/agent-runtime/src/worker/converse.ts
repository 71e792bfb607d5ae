import type {
  AgentManifest,
  LanguageService,
  MemoryService,
  ModelUse,
  Move,
  PlannerChoice,
  PlanningService,
  Step,
  ToolService,
} from "@signalbox/model";
import type { Clock } from "../clock.ts";
import { answered, planned, recalled, rerouted, toolCalled, understood } from "../decisions/choices.ts";
import type { Choice } from "../decisions/decide.ts";
import { spentIn, turnsOf } from "./conversation.ts";
import type { Entry, Journal } from "./journal.ts";
import { actionOn, type Finish, nextAction, type Work } from "./nextAction.ts";
import { routeOf, type UnclearPolicy } from "./routeOf.ts";
import { recallFor, rememberAll } from "./taskMemory.ts";

/** The four services that a task passes. */
export type Services = { language: LanguageService; memory: MemoryService; planning: PlanningService; tools: ToolService };

type Outcome = Omit<Entry, "startedUs">;

/** The key that makes the tool call of a step happen once, however often the step is tried. */
function idempotencyKeyOf(taskId: string, step: number): string {
  return `${taskId}:${step}`;
}

/** The decisions in a move. `toolStep` is the step in which the tool that it asks for will be called. */
function choicesIn(move: Exclude<Move, { kind: "stop" }>, modelUse: ModelUse | null, taskId: string, toolStep: number): Choice[] {
  if (move.kind === "user") return [];
  if (move.kind === "rejected") return [planned(move, modelUse)];
  if (move.kind === "reply") return [planned(move, modelUse), answered(move.content)];
  return [planned(move, modelUse), toolCalled(move.call, move.callId, idempotencyKeyOf(taskId, toolStep))];
}

/** The messages so far, the opening one first. */
function spokenIn(message: string, steps: readonly Step[]): { role: string; content: string }[] {
  const spoken = turnsOf(steps).flatMap((turn) =>
    turn.kind === "tool" || turn.kind === "rejected" ? [] : [{ role: turn.kind === "reply" ? "assistant" : "user", content: turn.content }],
  );
  return [{ role: "user", content: message }, ...spoken];
}

/** Does the work of one step. Doing it again after a crash is harmless: services only read, or recognise the key of what they did. */
async function perform(action: Work, { language, memory, tools }: Services, journal: Journal): Promise<Outcome> {
  const { task, version, steps } = journal;
  const { project, domain, message, world } = task.request;
  switch (action.kind) {
    case "understand": {
      const { modelUse = null, ...output } = await language.understand({ domain, message });
      return { stage: { kind: "understand", input: { message }, output }, modelUse, choices: [understood(output, modelUse)] };
    }
    case "route": {
      const { route } = action;
      return { stage: { kind: "route", input: {}, output: route }, modelUse: null, choices: [rerouted(route)] };
    }
    case "recall": {
      const { session } = action;
      const output = await recallFor(memory, { project, session, message });
      return { stage: { kind: "recall", input: { session }, output }, modelUse: null, choices: [recalled(output, session)] };
    }
    case "execute": {
      const { callId, call } = action;
      const scene = { domain, world, overlay: task.id };
      const output = await tools.call({
        scene,
        idempotencyKey: idempotencyKeyOf(task.id, journal.nextStep()),
        call,
        agentVersion: version,
      });
      return { stage: { kind: "tool", input: { callId, call }, output }, modelUse: null, choices: [] };
    }
    case "say": {
      const { move, modelUse } = action;
      if (move.kind === "user")
        return { stage: { kind: "user", input: {}, output: { content: move.content } }, modelUse: null, choices: [] };
      const choices = choicesIn(move, modelUse, task.id, journal.nextStep() + 1);
      return { stage: { kind: "move", input: {}, output: move }, modelUse, choices };
    }
    case "remember": {
      const { session } = action;
      const turns = spokenIn(message, steps).map((turn, index) => ({ project, session, turnId: `${task.id}:${index}`, ...turn }));
      return { stage: { kind: "remember", input: { session }, output: await rememberAll(memory, turns) }, modelUse: null, choices: [] };
    }
  }
}

/** The planner of a task: the one it asks for, unless it was routed elsewhere. */
function plannerOf(asked: PlannerChoice, steps: readonly Step[]): PlannerChoice {
  const route = steps.flatMap(({ stage }) => (stage.kind === "route" ? [stage.output] : []))[0];
  return route === undefined ? asked : { kind: route.planner };
}

/** Whether a planner chooses among a domain's tools; others are not sent them. */
function choosesTools({ kind }: PlannerChoice): boolean {
  return kind === "llm" || kind === "person";
}

/** The planner choice with the model and prompt of the serving version filled in, unless the task names its own. */
function askedBy(planner: PlannerChoice, { model, prompts }: AgentManifest, domain: string): PlannerChoice {
  if (planner.kind !== "llm") return planner;
  const prompt = prompts[domain]?.name;
  return { ...(model === null ? {} : { model: model.name }), ...(prompt === undefined ? {} : { prompt }), ...planner };
}

async function plan({ services, policy, manifest }: Means, journal: Journal): Promise<Work | Finish> {
  const { task, steps } = journal;
  const { planning, tools } = services;
  const { id: taskId } = task;
  const { planner: asked, domain, message, session } = task.request;
  const understanding = steps.flatMap(({ stage }) => (stage.kind === "understand" ? [stage.output] : []))[0];
  const memories = steps.flatMap(({ stage }) => (stage.kind === "recall" ? [stage.output] : []))[0] ?? { turns: [] };
  if (understanding === undefined) throw new TypeError("a plan needs an understanding first");

  const route = routeOf(policy, asked, understanding, steps);
  if (route !== null) return { kind: "route", route };
  const planner = askedBy(plannerOf(asked, steps), manifest, domain);
  const answer = await planning.next({
    planner,
    domain,
    tools: choosesTools(planner) ? await tools.list({ domain }) : [],
    message,
    understanding,
    memories,
    turns: turnsOf(steps),
    spent: spentIn(steps),
    ...(planner.kind === "llm" ? { draft: { taskId, step: journal.nextStep() } } : {}),
  });
  return actionOn(answer, session, steps);
}

/** The means of a conversation: `policy` decides who takes messages that rules cannot serve, `manifest` is the version that leads it. */
export type Means = { services: Services; policy: UnclearPolicy; manifest: AgentManifest; clock: Clock };

/**
 * Takes a task from the end of its journal to the end of its conversation, one step at a time. Decisions are durable before the tool call
 * that they lead to, and so is a paid model answer; everything else becomes durable along with them.
 */
export async function converse(means: Means, journal: Journal): Promise<Finish> {
  const { services, clock } = means;
  for (;;) {
    const startedUs = clock.nowUs();
    const next = nextAction(journal.task.request, journal.steps);
    const action = next.kind === "plan" ? await plan(means, journal) : next;
    if (action.kind === "finish") return action;
    if (action.kind === "execute") await journal.commit();
    const outcome = await perform(action, services, journal);
    journal.append({ ...outcome, startedUs });
    if (outcome.modelUse !== null) await journal.commit();
  }
}
