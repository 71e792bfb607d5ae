import { errorMessage, ModelUse, Stage, type Step } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

function toStep(row: Prisma.StepGetPayload<object>): Step {
  const { provider, model, inputTokens, outputTokens, modelCall: call } = row;
  return {
    step: row.step,
    attempt: row.attempt,
    startedUs: Number(row.startedUs),
    finishedUs: Number(row.finishedUs),
    stage: Stage.parse({ kind: row.kind, input: row.input, output: row.output }),
    modelUse: model === null ? null : ModelUse.parse({ provider, model, inputTokens, outputTokens, call }),
  };
}

/** A task's finished steps, in order. */
export async function listSteps(prisma: PrismaClient, taskId: string): Promise<Step[]> {
  const rows = await prisma.step.findMany({ where: { taskId }, orderBy: { step: "asc" } });
  return rows.map(toStep);
}

/** Up to `rowsMax` finished steps of a task after `step`, in order. */
export async function listStepsAfter(prisma: PrismaClient, taskId: string, step: number, rowsMax: number): Promise<Step[]> {
  const rows = await prisma.step.findMany({ where: { taskId, step: { gt: step } }, orderBy: { step: "asc" }, take: rowsMax });
  return rows.map(toStep);
}

/** The finished steps of several tasks, by task. */
export async function listStepsOf(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, Step[]>> {
  const rows = await prisma.step.findMany({ where: { taskId: { in: [...taskIds] } }, orderBy: { step: "asc" } });
  const byTask = new Map<string, Step[]>();
  for (const row of rows) {
    const steps = byTask.get(row.taskId) ?? [];
    steps.push(toStep(row));
    byTask.set(row.taskId, steps);
  }
  return byTask;
}

/** A task's finished steps after `from`, or why this version cannot read them. */
export async function readSteps(prisma: PrismaClient, taskId: string, from: number): Promise<{ steps: Step[] } | { unreadable: string }> {
  const rows = await askStateStore(() => prisma.step.findMany({ where: { taskId, step: { gt: from } }, orderBy: { step: "asc" } }));
  try {
    return { steps: rows.map(toStep) };
  } catch (error) {
    return { unreadable: errorMessage(error) };
  }
}

/** The part of a statement that writes finished steps of the tasks in its `fence`. */
export function insertSteps(rows: readonly (Step & { taskId: string })[]): Prisma.Sql {
  const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
  return Prisma.sql`journalled AS (
    INSERT INTO step (task_id, step, kind, attempt, started_us, finished_us, input, output, provider, model, input_tokens, output_tokens, model_call)
    SELECT s.task_id, s.step, s.kind, s.attempt, s.started_us, s.finished_us, s.input::json, s.output::json, s.provider, s.model, s.input_tokens, s.output_tokens, s.model_call::json
    FROM unnest(
      ${column(({ taskId }) => taskId)}::uuid[], ${column(({ step }) => step)}::integer[], ${column(({ stage }) => stage.kind)}::text[],
      ${column(({ attempt }) => attempt)}::integer[], ${column(({ startedUs }) => startedUs)}::bigint[], ${column(({ finishedUs }) => finishedUs)}::bigint[],
      ${column(({ stage }) => JSON.stringify(stage.input))}::text[], ${column(({ stage }) => JSON.stringify(stage.output))}::text[],
      ${column(({ modelUse }) => modelUse?.provider ?? null)}::text[], ${column(({ modelUse }) => modelUse?.model ?? null)}::text[],
      ${column(({ modelUse }) => modelUse?.inputTokens ?? null)}::integer[], ${column(({ modelUse }) => modelUse?.outputTokens ?? null)}::integer[],
      ${column(({ modelUse }) => (modelUse?.call == null ? null : JSON.stringify(modelUse.call)))}::text[]
    ) AS s (task_id, step, kind, attempt, started_us, finished_us, input, output, provider, model, input_tokens, output_tokens, model_call)
    JOIN fence ON fence.id = s.task_id
  )`;
}
