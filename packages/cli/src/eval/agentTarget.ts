import { setTimeout as sleep } from "node:timers/promises";
import { readChanged, readSteps } from "@signalbox/db/prisma";
import type { Question, Reply, RunItem, Target } from "@signalbox/evals";
import {
  AppError,
  type Evaluation,
  EvaluationAnswer,
  type Expectation,
  issuesText,
  type Step,
  Task,
  TaskRequest,
  type TaskResult,
} from "@signalbox/model";
import { z } from "zod";
import type { EvalPlace } from "./evalPlace.ts";

const ASK_EVERY_MS = 100;

/** The most steps that a task with an expectation may take (source: airline-tools §6). */
const ENDS_WITHIN = 30;

/** An item's input for the agent: the fields of a task's request except those that the run itself sets. */
const AgentInput = TaskRequest.pick({ domain: true, world: true, message: true, planner: true, session: true, user: true }).extend({
  name: TaskRequest.shape.name.optional(),
  planner: TaskRequest.shape.planner.optional(),
});

/** The expected output of an item for the reference agent: texts that must occur in an answer. */
const Outputs = z.union([
  z.string().transform((output) => [output]),
  z.array(z.string()),
  z.object({ outputs: z.array(z.string()) }).transform(({ outputs }) => outputs),
]);

/** The expectation of an item as that of a task; undefined where the item does not name the right actions. */
export function expectationOf({ expectedToolCalls, expectedOutput }: RunItem): Expectation | undefined {
  if (expectedToolCalls === null) return undefined;
  return { actions: expectedToolCalls, outputs: Outputs.safeParse(expectedOutput).data ?? [], endsWithin: ENDS_WITHIN };
}

function requestOf({ item, key, trial }: Question, project: string, version: string | undefined): TaskRequest {
  const input = AgentInput.safeParse(item.input);
  if (!input.success)
    throw new AppError("invalid_input", `Item ${item.id} is no task for the agent: ${issuesText(input.error)}`, {
      hint: "Its input is an object with domain, world and message, as POST /v1/tasks takes it.",
    });
  const expectation = expectationOf(item);
  return TaskRequest.parse({
    name: `eval of ${item.id}, trial ${trial}`,
    tags: ["eval"],
    lane: "batch",
    ...input.data,
    ...{ id: key, project },
    ...(version === undefined ? {} : { version }),
    ...(expectation === undefined ? {} : { expectation }),
  });
}

/**
 * Calls a part. A refusal of a request concerns this item alone; a part that is unavailable, or does not let us in, concerns every item.
 */
async function askPart<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_input") throw new Error(error.message, { cause: error });
    throw error;
  }
}

async function waitFor<T>(signal: AbortSignal, ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await askPart(ask);
    if (answer !== undefined) return answer;
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

function rewardOf({ reward, dataMatches, outputsMatch }: Evaluation): NonNullable<Reply["reward"]> {
  const amiss = [
    ...(dataMatches ? [] : ["the final state is not as expected"]),
    ...(outputsMatch ? [] : ["an expected output is missing"]),
  ];
  return { value: reward, reason: reward === 1 ? "" : amiss.join("; ") || "it did not end in its steps" };
}

/**
 * The models' usage for a task, by its journal. Null where it is unknown:
 * for a journal that is gone, a recorded model, or one without a list price.
 */
export function spentBy(steps: readonly Step[]): Pick<Reply, "costUsd" | "tokens"> {
  const uses = steps.flatMap(({ modelUse }) => modelUse ?? []);
  if (steps.length === 0 || uses.some(({ call }) => call === null)) return { costUsd: null, tokens: null };
  const costs = uses.map(({ call }) => call?.costUsd ?? null);
  return {
    costUsd: costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0),
    tokens: uses.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
  };
}

/** What is known of a finished task besides its result. */
type Aside = Pick<Reply, "state" | "costUsd" | "tokens" | "traceId">;

function replyOf({ answers, toolCalls }: TaskResult, aside: Aside, evaluation: Evaluation | null): Reply {
  return {
    output: answers.at(-1) ?? null,
    toolCalls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })),
    reward: evaluation === null ? null : rewardOf(evaluation),
    ...aside,
  };
}

/**
 * Runs a task of the reference agent to its end, and waits for the controller's evaluation if it has an expectation.
 * A task that dies is a failure. The task's id makes it run once, and names the overlay with the documents that it changed.
 */
export async function runTask(
  { prisma, gateway, controller }: EvalPlace,
  request: TaskRequest & { id: string },
  signal: AbortSignal,
): Promise<Reply> {
  await askPart(() => gateway.request({ method: "POST", path: "/v1/tasks", body: request, answer: Task }));
  const task = await waitFor(signal, async () => {
    const found = await gateway.request({ method: "GET", path: `/v1/tasks/${request.id}`, answer: Task });
    return found.status === "done" || found.status === "dead" ? found : undefined;
  });
  if (task.status === "dead" || task.result === null) throw new Error(task.error ?? "the task died");
  const journal = await readSteps(prisma, request.id, 0);
  const { id, domain, world } = request;
  const state = await readChanged(prisma, { domain, world, overlay: id });
  const aside = { ...spentBy("steps" in journal ? journal.steps : []), state, traceId: task.traceId };
  if (request.expectation === undefined) return replyOf(task.result, aside, null);
  const evaluation = await waitFor(signal, async () => {
    const body = { taskIds: [request.id] };
    const { evaluations } = await controller.request({ method: "POST", path: "/v1/evaluations/query", body, answer: EvaluationAnswer });
    return evaluations[0];
  });
  return replyOf(task.result, aside, evaluation);
}

/** The reference agent, in any version or a given one: every try is a task whose id is the try's key. */
export function agentTarget(place: EvalPlace, project: string, version: string | undefined): Target {
  return {
    ask: (question) => runTask(place, { ...requestOf(question, project, version), id: question.key }, question.signal),
  };
}
