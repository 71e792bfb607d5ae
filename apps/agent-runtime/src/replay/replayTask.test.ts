import { readRecordings } from "@signalbox/db/prisma";
import { AppError, type PlannerChoice, ReplayPlan, type TaskRecording } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlanningService } from "../services/planning/planningService.ts";
import { anAdmittedTask, aRunner, DATA, openStage, type Stage } from "../testing/stage.ts";
import { runTask, type TaskRunner } from "../worker/runTask.ts";
import { replayTask } from "./replayTask.ts";

const BOOKING = Object.values(DATA.reservations).find(
  ({ cabin, flights }) => cabin === "business" && flights.every(({ date }) => date > "2024-05-15"),
);
const CANCELLATION = `Please cancel my reservation ${BOOKING?.reservation_id}. User ${BOOKING?.user_id}.`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const AS_RECORDED = ReplayPlan.parse({});

/** Runs a task to its end and reads what is on record of it. */
async function aRecording(request: Parameters<typeof anAdmittedTask>[1], runner: Partial<TaskRunner> = {}): Promise<TaskRecording> {
  const id = await anAdmittedTask(stage.prisma, request);
  for (;;) {
    const { handled } = await runTask(aRunner(stage.prisma, runner), id);
    if (handled.kind !== "again") break;
  }
  const [recording] = await readRecordings(stage.prisma, [id]);
  if (recording === undefined) throw new Error("nothing is on record");
  return recording;
}

test("a task of a session that used tools is the same again, hash by hash", async () => {
  const recording = await aRecording({ message: CANCELLATION, session: "s-1" });
  const report = await replayTask(recording, AS_RECORDED);
  expect(report.divergence).toBeNull();
  expect(report).toMatchObject({ outcome: "identical", outcomeChanged: false, refused: null });
  expect(report.hashes).toEqual({ equal: recording.decisions.length, total: recording.decisions.length });
  expect(report.executed).toMatchObject({ understand: 1, recall: 1, remember: 1 });
  expect(report.replayed.steps).toEqual(report.recorded.steps);
});

test("attempts that failed fail again, and a dead task dies again", async () => {
  const away = { ...aRunner(stage.prisma).services.tools, call: () => Promise.reject(new AppError("upstream_unavailable", "away")) };
  const services = { ...aRunner(stage.prisma).services, tools: away };
  const recording = await aRecording({ message: CANCELLATION }, { services });
  expect(recording.status).toBe("dead");
  expect(recording.attempts).toHaveLength(3);
  const report = await replayTask(recording, AS_RECORDED);
  expect(report.divergence).toBeNull();
  expect(report.replayed).toMatchObject({ status: "dead", attempts: 3, error: "away" });
});

test("rules that refuse a message refuse it again by themselves", async () => {
  const recording = await aRecording({ message: "How many lemons fit into the overhead bin?" });
  expect(await replayTask(recording, AS_RECORDED)).toMatchObject({ outcome: "identical", replayed: { status: "dead" } });
});

test("another word of the planner is found at its step and decision", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const own = openPlanningService(null);
  const planning = {
    next: async (request: Parameters<typeof own.next>[0]) => {
      const answer = await own.next(request);
      return answer.move.kind === "reply" ? { ...answer, move: { ...answer.move, content: `${answer.move.content}!` } } : answer;
    },
  };
  const report = await replayTask(recording, AS_RECORDED, { computed: { planning } });
  const reply = recording.steps.find(({ stage: { output, kind } }) => kind === "move" && (output as { kind: string }).kind === "reply");
  expect(report.outcome).toBe("diverged");
  expect(report.divergence).toMatchObject({ step: reply?.step, field: "decision.detail.content" });
  expect(report.divergence?.seq).toBe(recording.decisions.findIndex(({ kind }) => kind === "answered"));
});

test("a call that is not on record meets the fence, which names it", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const own = openPlanningService(null);
  const planning = {
    next: async (request: Parameters<typeof own.next>[0]) => {
      const answer = await own.next(request);
      if (answer.move.kind !== "tool") return answer;
      return { ...answer, move: { ...answer.move, call: { name: "send_certificate", arguments: { amount: 500 } } } };
    },
  };
  const report = await replayTask(recording, AS_RECORDED, { computed: { planning } });
  expect(report.refused).toEqual({ step: 3, what: "a call of send_certificate" });
  expect(report.divergence).toMatchObject({ step: 2, field: "decision.chosen", replayed: "call send_certificate" });
});

test("a tool that answers otherwise is found at the step that called it", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const called = recording.steps.find(({ stage: { kind } }) => kind === "tool");
  const name = called?.stage.kind === "tool" ? called.stage.input.call.name : "";
  const plan = ReplayPlan.parse({ tools: { [name]: [{ output: "Error: out of order", isError: true }] } });
  const report = await replayTask(recording, plan);
  expect(report.divergence).toMatchObject({ step: called?.step, seq: null, field: "step.output.output", replayed: "Error: out of order" });
  expect((await replayTask(recording, ReplayPlan.parse({ tools: { unused: [{ output: "" }] } }))).outcome).toBe("identical");
});

test("a record from which a step is gone is not replayed, and the step is named", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const without = (step: number) => ({ ...recording, steps: recording.steps.filter((one) => one.step !== step) });
  await expect(replayTask(without(2), AS_RECORDED)).rejects.toThrow("incomplete. Step 2 is missing");
  await expect(replayTask(without(recording.steps.length), AS_RECORDED)).rejects.toThrow(`Step ${recording.steps.length} is missing`);
});

test("a version that is gone is named, with the nearest; against that one the task is replayed", async () => {
  const recorded = await aRecording({ message: CANCELLATION });
  const recording = { ...recorded, attempts: recorded.attempts.map((attempt) => ({ ...attempt, version: "0.0.9" })) };
  await expect(replayTask(recording, AS_RECORDED)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("version 0.0.9"),
    hint: expect.stringContaining("--against 0.1.0"),
  });
  expect((await replayTask(recording, ReplayPlan.parse({ against: "0.1.0" }))).outcome).toBe("identical");
  await expect(replayTask(recording, ReplayPlan.parse({ against: "9.9.9" }))).rejects.toThrow("9.9.9");
});

test("a recorded conversation is played again", async () => {
  const planner: PlannerChoice = {
    ...{ kind: "recorded", model: "gpt-4o", provider: "openai", system: "Be kind." },
    turns: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: null, toolCall: { id: "c1", name: "calculate", arguments: { expression: "1 + 1" } } },
      { role: "assistant", content: "It is 2.", toolCall: null },
      { role: "user", content: "###STOP###" },
    ],
  };
  const recording = await aRecording({ message: "Hi", planner });
  const report = await replayTask(recording, AS_RECORDED);
  expect(report.divergence).toBeNull();
  expect(report.executed).toEqual({ understand: 1, move: 2, tool: 1, user: 1 });
});
