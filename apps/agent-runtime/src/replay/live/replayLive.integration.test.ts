import { claimReplay, keepReplays, type PrismaClient, putBackReplay, type ReplayClaim, readRecordings } from "@signalbox/db/prisma";
import { newId, ReplayPlan, type TaskRecording, type TaskRequest, type ToolDefinition } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAiEndpoint } from "../../chat/openAiEndpoint.ts";
import { systemClock } from "../../clock.ts";
import { openLlmPlanner } from "../../services/planning/llm/llmPlanner.ts";
import { openPlanningService } from "../../services/planning/planningService.ts";
import { inTurn, openModelStub, type StubAnswer } from "../../testing/modelStub.ts";
import { redriveTask } from "../../testing/redriveTask.ts";
import { anAdmittedTask, aRequest, aRunner, DATA, OWN, openStage, type Stage } from "../../testing/stage.ts";
import type { Services } from "../../worker/converse.ts";
import { runTask } from "../../worker/runTask.ts";
import { replayLive } from "./replayLive.ts";

const BOOKING = Object.values(DATA.reservations).find(
  ({ cabin, flights }) => cabin === "business" && flights.every(({ date }) => date > "2024-05-15"),
);
const CANCELLATION = `Please cancel my reservation ${BOOKING?.reservation_id}. User ${BOOKING?.user_id}.`;
const CANCEL: StubAnswer = {
  kind: "says",
  calls: [{ name: "cancel_reservation", arguments: JSON.stringify({ reservation_id: BOOKING?.reservation_id }) }],
};
const NOTE: StubAnswer = { kind: "says", calls: [{ name: "crm__note", arguments: '{"text":"called"}' }] };
const says = (content: string): StubAnswer => ({ kind: "says", content });

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Runs `work` with services whose models answer from `answers`; calls of the outside tool are counted instead of made. */
async function withModel<Result>(
  answers: readonly StubAnswer[],
  work: (services: Services, seen: { asked: Awaited<ReturnType<typeof openModelStub>>["asked"]; notes: string[] }) => Promise<Result>,
): Promise<Result> {
  await using stub = await openModelStub(inTurn(...answers));
  const endpoint = openAiEndpoint(
    { url: stub.url, key: "k", provider: "stub", timeoutMs: 10_000, retriesMax: 0 },
    new AbortController().signal,
  );
  const limits = { steps: 20, tokens: 200_000, costUsd: 1 };
  const planning = openPlanningService(openLlmPlanner(endpoint, { model: "gpt-4o-mini", temperature: undefined, limits }, systemClock));
  const { services } = aRunner(stage.prisma);
  const note: ToolDefinition = { name: "crm.note", description: "Notes.", parameters: { type: "object" }, endsEpisode: false };
  const notes: string[] = [];
  const tools: Services["tools"] = {
    ...services.tools,
    list: async (of) => [...(await services.tools.list(of)), note],
    call: async (request) => {
      if (request.call.name !== note.name) return services.tools.call(request);
      notes.push(request.scene.overlay);
      return { output: `noted ${notes.length}`, isError: false, endsEpisode: false, replayed: false };
    },
  };
  return await work({ ...services, planning, tools }, { asked: stub.asked, notes });
}

async function recordingOf(id: string): Promise<TaskRecording> {
  const [recording] = await readRecordings(stage.prisma, [id]);
  if (recording === undefined) throw new Error("nothing is on record");
  return recording;
}

/** Runs a task to its end and reads its record. */
async function aRecording(request: Partial<TaskRequest>, services?: Services): Promise<TaskRecording> {
  const id = await anAdmittedTask(stage.prisma, request);
  const runner = aRunner(stage.prisma, services === undefined ? {} : { services });
  while ((await runTask(runner, id)).handled.kind === "again");
  return recordingOf(id);
}

/** The recording of a task that a model planned with `answers`. */
const aModelsTask = (answers: readonly StubAnswer[], request: Partial<TaskRequest> = {}) =>
  withModel(answers, (services) => aRecording({ message: "Cancel it.", planner: { kind: "llm" }, ...request }, services));

function live(recording: TaskRecording, plan: object, services?: Services, claimed?: ReplayClaim) {
  const means = {
    ...aRunner(stage.prisma, services === undefined ? {} : { services }),
    ...{ manifests: {}, halt: new AbortController().signal },
  };
  const claim = claimed ?? { id: newId(), taskId: recording.id, attempt: 1, plan: ReplayPlan.parse({ mode: "live", ...plan }) };
  return replayLive(means, recording, claim);
}

/** A claimed live replay with effects. */
async function aClaim({ id: taskId }: TaskRecording): Promise<ReplayClaim> {
  const plan = ReplayPlan.parse({ mode: "live", allowsEffects: true });
  await keepReplays(stage.prisma, "default", [{ taskId, build: null }], {
    ...{ plan, actor: "ada", reason: "a try", now: new Date(), batch: null },
  });
  const claim = await claimReplay(stage.prisma, { build: "any", isAlone: true });
  if (claim === null || claim === "suspect") throw new Error("nothing was claimed");
  return claim;
}

/** Row counts and digests of every table that a replay must leave alone. */
async function rows(prisma: PrismaClient): Promise<unknown> {
  const counted = [
    "task",
    "step",
    "decision",
    "attempt",
    "dead_letter",
    "outbox",
    "memory_turn",
    "tool_effect",
    "airline_reservation",
    "airline_user",
  ];
  return Promise.all(
    counted.map((table) =>
      prisma.$queryRawUnsafe(`SELECT '${table}' AS name, count(*)::int, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} AS t`),
    ),
  );
}

test("from the given step on another model with another prompt is called; earlier steps come from the record", async () => {
  const recording = await aModelsTask([CANCEL, says("It is cancelled.")]);
  const from = recording.steps.length;
  await withModel([says("All done, goodbye.")], async (services, { asked }) => {
    const report = await live(recording, { from, model: "gpt-4o", prompt: { text: "Be brief." } }, services);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.body).toMatchObject({
      model: "gpt-4o",
      messages: [{ role: "system", content: expect.stringContaining("Be brief.") }, {}, {}, {}],
    });
    expect(report.divergence).toMatchObject({ step: from, replayed: "All done, goodbye." });
    expect(report).toMatchObject({ outcome: "diverged", outcomeChanged: false, mode: "live", from, refused: null });
    expect(report.replayed.steps.slice(0, -1)).toEqual(report.recorded.steps.slice(0, -1));
    expect(report.replayed.state).toEqual(report.recorded.state);
    expect(Object.keys(report.replayed.state?.changed ?? {})).toContain(`reservations/${BOOKING?.reservation_id}`);
    expect(report.askedCostUsd).toBeCloseTo((100 * 0.15 + 20 * 0.6) / 1e6, 12);
  });
});

test("the same answers reproduce the task whatever the ids of its calls, and leave nothing in any table", async () => {
  const expectation = {
    actions: [{ name: "cancel_reservation", arguments: { reservation_id: BOOKING?.reservation_id } }],
    outputs: ["cancelled"],
    endsWithin: 30,
  };
  const recording = await aModelsTask([CANCEL, says("It is cancelled.")], { expectation, session: "s-live" });
  const before = await rows(stage.prisma);
  await withModel([CANCEL, says("It is cancelled.")], async (services, { asked }) => {
    const report = await live(recording, {}, services);
    expect(asked).toHaveLength(2);
    expect(report).toMatchObject({ divergence: null, outcome: "identical", outcomeChanged: false });
    expect(report.recorded.verdict).toEqual({ reward: 1, finalState: true, outputs: true, ending: true });
    expect(report.replayed.verdict).toEqual(report.recorded.verdict);
  });
  await withModel([says("It is cancelled.")], async (services) => {
    const report = await live(recording, {}, services);
    expect(report).toMatchObject({ outcomeChanged: true, replayed: { verdict: { reward: 0, finalState: false } } });
  });
  expect(await rows(stage.prisma)).toEqual(before);
});

test("a live replay by rules diverges from the record at the tool that answers differently", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  expect(await live(recording, {})).toMatchObject({ divergence: null, outcome: "identical" });
  const tool = recording.steps.find(({ stage: { kind } }) => kind === "tool");
  const name = tool?.stage.kind === "tool" ? tool.stage.input.call.name : "";
  const report = await live(recording, { tools: { [name]: [{ output: "Error: nobody knows", isError: true }] } });
  expect(report.divergence).toMatchObject({ step: tool?.step, replayed: "Error: nobody knows" });
});

test("an outside tool answers from the record or meets the fence; with effects allowed it is called while the worker holds the replay", async () => {
  const recording = await aModelsTask([NOTE, says("Noted.")]);
  const step = recording.steps.find(({ stage: { kind } }) => kind === "tool")?.step;
  await withModel([NOTE, says("Noted.")], async (services, { notes }) => {
    expect(await live(recording, {}, services)).toMatchObject({ outcome: "identical", refused: null, fromRecord: [step] });
    expect(notes).toEqual([]);
  });
  const another: StubAnswer = { kind: "says", calls: [{ name: "crm__note", arguments: '{"text":"other"}' }] };
  await withModel([another, says("Noted.")], async (services, { notes }) => {
    const report = await live(recording, {}, services);
    expect(report).toMatchObject({ outcome: "diverged", refused: { step, what: expect.stringContaining("crm.note") } });
    expect(notes).toEqual([]);
  });
  await withModel([another, says("Noted.")], async (services, { notes }) => {
    expect(await live(recording, {}, services, await aClaim(recording))).toMatchObject({
      outcome: "diverged",
      refused: null,
      fromRecord: [],
    });
    expect(notes).toEqual([expect.stringMatching(/^replay:.*:0$/)]);
  });
  await withModel([another, another, another], async (services, { notes }) => {
    const claim = await aClaim(recording);
    await putBackReplay(stage.prisma, claim, 60_000);
    const report = await live(recording, {}, services, claim);
    expect(report.replayed.error).toContain("not this worker's any more");
    expect(notes).toEqual([]);
  });
});

test("a task that died goes on live from where it died", async () => {
  const recording = await aModelsTask([CANCEL, { kind: "refuses", status: 401, message: "no" }]);
  expect(recording.status).toBe("dead");
  const from = recording.steps.length + 1;
  await withModel([says("It is cancelled.")], async (services) => {
    const report = await live(recording, { from }, services);
    expect(report).toMatchObject({
      outcomeChanged: true,
      divergence: { step: expect.anything() },
      replayed: { status: "done" },
      recorded: { status: "dead" },
    });
  });
});

test("a task whose request was edited goes live with the request of its run", async () => {
  const id = await anAdmittedTask(stage.prisma, { message: "How many lemons fit into the overhead bin?" });
  await runTask(aRunner(stage.prisma), id);
  await redriveTask(stage.prisma, id, aRequest({ id, message: CANCELLATION }));
  await runTask(aRunner(stage.prisma), id);
  const recording = await recordingOf(id);
  expect(recording).toMatchObject({ status: "done", requests: [{}, { message: CANCELLATION }] });
  for (const from of [1, recording.steps.length - 1])
    expect(await live(recording, { from })).toMatchObject(
      from === 1 ? { replayed: { status: "dead" } } : { divergence: null, outcome: "identical" },
    );
});

test("a live replay is refused for an unknown step, a model where none plans, an incomplete record, or a version that is gone", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const count = recording.steps.length;
  await expect(live(recording, { from: count + 1 })).rejects.toMatchObject({ code: "invalid_input", hint: `Its last step is ${count}.` });
  await expect(live(recording, { model: "gpt-4o" })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("asks no model"),
  });
  const gap = { ...recording, steps: recording.steps.filter(({ step }) => step !== 2) };
  await expect(live(gap, {})).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("Step 2 is missing") });
  const gone = { ...recording, attempts: recording.attempts.map((one) => ({ ...one, version: "0.0.1+00000000" })) };
  await expect(live(gone, {})).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("0.0.1+00000000"),
    hint: expect.stringContaining(OWN.manifest.code),
  });
  const other = recording.steps.map((step) =>
    step.stage.kind === "tool" ? { ...step, stage: { ...step.stage, output: { ...step.stage.output, output: "otherwise" } } } : step,
  );
  await expect(live({ ...recording, steps: other }, { from: count })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("answers otherwise"),
  });
});
