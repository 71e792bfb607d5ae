import {
  listDeadLetters,
  listDecisions,
  listRedriveItems,
  listSteps,
  listTaskRecords,
  type PrismaClient,
  settleRedrives,
} from "@signalbox/db/prisma";
import { AppError, type TaskRequest, type ToolCallRequest, verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redriveTask } from "../testing/redriveTask.ts";
import { anAdmittedTask, aRunner, DATA, openStage } from "../testing/stage.ts";
import { runTask, type TaskRunner } from "./runTask.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let prisma: PrismaClient;

beforeAll(async () => {
  stage = await openStage();
  prisma = stage.prisma;
});
afterAll(() => stage[Symbol.asyncDispose]());

const BOOKING = Object.values(DATA.reservations).find(
  ({ cabin, flights }) => cabin === "business" && flights.every(({ date }) => date > "2024-05-15"),
);
const CANCELLATION = `Please cancel my reservation ${BOOKING?.reservation_id}. User ${BOOKING?.user_id}.`;
const NONSENSE = "How many lemons fit into the overhead bin?";
const ONE_TRY = { limits: { failuresMax: 1, retryDelayMs: 10, attemptMsMax: 60_000 } };

/** A runner whose tools take effect but lose the answer of the second call. */
function losingAnswers(calls: string[]): TaskRunner {
  const runner = aRunner(prisma, ONE_TRY);
  const { tools } = runner.services;
  const call = async (request: ToolCallRequest) => {
    calls.push(request.call.name);
    const answer = await tools.call(request);
    if (calls.length === 2) throw new AppError("upstream_unavailable", "the answer got lost");
    return answer;
  };
  return { ...runner, services: { ...runner.services, tools: { ...tools, call } } };
}

test("a redriven task resumes where it died, and its tools' effects are not repeated", async () => {
  const id = await anAdmittedTask(prisma, { message: CANCELLATION });
  const calls: string[] = [];
  const runner = losingAnswers(calls);
  expect((await runTask(runner, id)).outcome).toBe("dead");
  const effects = () => prisma.toolEffect.findMany({ where: { overlay: id }, orderBy: { position: "asc" } });
  const before = await effects();

  const redriveId = await redriveTask(prisma, id);
  expect((await runTask(runner, id)).outcome).toBe("done");
  expect(calls).toEqual(["get_reservation_details", "cancel_reservation", "cancel_reservation"]);
  expect(await effects()).toEqual(before);
  expect(verifyChain(await listDecisions(prisma, id))).toEqual({ kind: "whole" });
  await settleRedrives(prisma, new Date());
  expect(await listRedriveItems(prisma, { redriveId, after: 0, rowsMax: 1 })).toMatchObject([
    { state: "passed", run: 2, nextLetterId: null },
  ]);
});

test("a redriven task that fails again returns to its group, and its redrive names the new letter", async () => {
  const id = await anAdmittedTask(prisma, { message: NONSENSE });
  await runTask(aRunner(prisma, ONE_TRY), id);
  const redriveId = await redriveTask(prisma, id);
  expect((await runTask(aRunner(prisma, ONE_TRY), id)).outcome).toBe("dead");
  await settleRedrives(prisma, new Date());
  const [first, second] = await listDeadLetters(prisma, id);
  expect(second).toMatchObject({ run: 2, fingerprint: first?.fingerprint });
  expect(await listRedriveItems(prisma, { redriveId, after: 0, rowsMax: 1 })).toMatchObject([
    { state: "failed", letterId: first?.id, nextLetterId: second?.id },
  ]);
});

test("a task with an edited request restarts; the record of the old request stays and is not reused", async () => {
  const id = await anAdmittedTask(prisma, { message: NONSENSE });
  await runTask(aRunner(prisma, ONE_TRY), id);
  const [letter] = await listDeadLetters(prisma, id);
  const before = await listSteps(prisma, id);
  await redriveTask(prisma, id, { ...(letter?.payload as TaskRequest), message: CANCELLATION });
  expect((await runTask(aRunner(prisma, ONE_TRY), id)).outcome).toBe("done");

  const steps = await listSteps(prisma, id);
  expect(steps.slice(0, before.length)).toEqual(before);
  expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1));
  expect(steps[before.length]?.stage).toMatchObject({ kind: "understand", input: { message: CANCELLATION } });
  const [task] = await listTaskRecords(prisma, [id]);
  expect(task?.result?.answers).toEqual([expect.stringContaining("is cancelled")]);
  expect((await listDeadLetters(prisma, id))[0]?.payload.message).toBe(NONSENSE);
  expect(verifyChain(await listDecisions(prisma, id))).toEqual({ kind: "whole" });
});
