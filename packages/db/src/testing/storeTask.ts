import type { Decision, Step, TaskHistory, TaskRequest, TaskStatus } from "@signalbox/model";
import type { PrismaClient } from "../prisma/index.ts";

/** Stores decisions of tasks; existing ones stay as they are. */
export async function storeDecisionRows(prisma: PrismaClient, decisions: readonly Decision[]): Promise<void> {
  await prisma.decisionRow.createMany({
    data: decisions.map(({ actor, detail, ...decision }) => ({
      ...decision,
      ...{ actorService: actor.service, actorVersion: actor.version, detail: detail as object },
    })),
    skipDuplicates: true,
  });
}

/** Stores finished steps of a task. */
export async function storeSteps(prisma: PrismaClient, taskId: string, steps: readonly Step[]): Promise<void> {
  await prisma.step.createMany({
    data: steps.map(({ step, attempt, startedUs, finishedUs, stage: { kind, input, output }, modelUse }) => ({
      ...{ taskId, step, attempt, kind, input: input as object, output: output as object },
      ...{ startedUs: BigInt(startedUs), finishedUs: BigInt(finishedUs) },
      ...(modelUse === null ? {} : { provider: modelUse.provider, model: modelUse.model }),
      ...(modelUse === null ? {} : { inputTokens: modelUse.inputTokens, outputTokens: modelUse.outputTokens }),
    })),
  });
}

/** Stores a task with its whole record, in the state of its last run. */
export async function storeTask(
  prisma: PrismaClient,
  { id, requests, steps, decisions }: Omit<TaskHistory, "requests"> & { requests: readonly TaskRequest[] },
  status: TaskStatus,
): Promise<void> {
  const [request, head, first] = [requests.at(-1), decisions.at(-1), decisions[0]];
  if (request === undefined || head === undefined || first === undefined) throw new TypeError("a task was asked for, and routed");
  const { project, name, world, tags } = request;
  const attempts = Math.max(0, ...steps.map(({ attempt }) => attempt));
  const finishedUs = BigInt(steps.at(-1)?.finishedUs ?? 0);
  const end = {
    done: { result: { answers: [], toolCalls: [], ended: true, steps: steps.length }, finishedUs },
    dead: { error: "e", finishedUs },
  };
  await prisma.task.create({
    data: {
      ...(status === "done" || status === "dead" ? end[status] : {}),
      ...{ id, project, name, world, tags, status, attempts, run: requests.length, request: request as object },
      ...{ session: request.session ?? null, userId: request.user ?? null, requestHash: "h", hasExpectation: false },
      ...{ traceId: first.traceId, headSeq: head.seq, headHash: head.hash, createdAt: new Date(first.time) },
    },
  });
  await storeDecisionRows(prisma, decisions);
  await storeSteps(prisma, id, steps);
}
