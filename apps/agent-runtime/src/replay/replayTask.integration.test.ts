import { listDeadLetters, listReplayable, openJournalStore, readRecordings } from "@signalbox/db/prisma";
import { AppError, newId, type PlannerChoice, ReplayPlan, type TaskRecording, type ToolDefinition } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAiEndpoint } from "../chat/openAiEndpoint.ts";
import { systemClock } from "../clock.ts";
import { openLlmPlanner } from "../services/planning/llm/llmPlanner.ts";
import { openPlanningService } from "../services/planning/planningService.ts";
import { inTurn, openModelStub, type StubAnswer } from "../testing/modelStub.ts";
import { redriveTask } from "../testing/redriveTask.ts";
import { anAdmittedTask, aRequest, aRunner, DATA, OWN, openStage, type Stage } from "../testing/stage.ts";
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

type Circumstances = Partial<TaskRunner>;

async function runToEnd(id: string, runner: Circumstances = {}): Promise<void> {
  for (;;) {
    const { handled } = await runTask(aRunner(stage.prisma, runner), id);
    if (handled.kind !== "again") return;
  }
}

/** Runs a task to its end and reads its record. */
async function aRecording(request: Parameters<typeof anAdmittedTask>[1], runner: Circumstances = {}): Promise<TaskRecording> {
  const id = await anAdmittedTask(stage.prisma, request);
  await runToEnd(id, runner);
  return recordingOf(id);
}

async function recordingOf(id: string): Promise<TaskRecording> {
  const [recording] = await readRecordings(stage.prisma, [id]);
  if (recording === undefined) throw new Error("nothing is on record");
  return recording;
}

test("a task of a session that used tools replays identically, hash by hash", async () => {
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

test("rules refuse a message again on their own", async () => {
  const recording = await aRecording({ message: "How many lemons fit into the overhead bin?" });
  expect(await replayTask(recording, AS_RECORDED)).toMatchObject({ outcome: "identical", replayed: { status: "dead" } });
});

test("a changed word of the planner is found at its step and decision", async () => {
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
  expect(report).toMatchObject({ refused: { step: 3, what: "a call of send_certificate" }, outcomeChanged: null });
  expect(report.divergence).toMatchObject({ step: 2, field: "decision.chosen", replayed: "call send_certificate" });
});

test("a tool that answers differently is found at the step that called it", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const called = recording.steps.find(({ stage: { kind } }) => kind === "tool");
  const name = called?.stage.kind === "tool" ? called.stage.input.call.name : "";
  const plan = ReplayPlan.parse({ tools: { [name]: [{ output: "Error: out of order", isError: true }] } });
  const report = await replayTask(recording, plan);
  expect(report.divergence).toMatchObject({ step: called?.step, seq: null, field: "step.output.output", replayed: "Error: out of order" });
  expect(report.unasked).toEqual([]);
});

test("an answer that no call asked for is named", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const answer = { arguments: { reservation_id: "NOBODY" }, output: "" };
  const plan = ReplayPlan.parse({ tools: { unused: [{ output: "" }], get_reservation_details: [answer] } });
  expect(await replayTask(recording, plan)).toMatchObject({ outcome: "identical", unasked: ["unused", "get_reservation_details"] });
});

test("a tool that answers where it had failed lets a dead task go on from there", async () => {
  const { services } = aRunner(stage.prisma);
  const tools = { ...services.tools, call: () => Promise.reject(new AppError("upstream_unavailable", "away")) };
  const recording = await aRecording({ message: CANCELLATION }, { services: { ...services, tools } });
  const [failed] = recording.steps.slice(-1);
  expect(recording).toMatchObject({ status: "dead", attempts: [{}, {}, {}] });
  const answers = { tools: { get_reservation_details: [{ output: "Error: reservation not found", isError: true }] } };
  const report = await replayTask(recording, ReplayPlan.parse(answers));
  expect(report).toMatchObject({ outcome: "diverged", refused: null, replayed: { status: "done", attempts: 1 } });
  expect(report.divergence).toMatchObject({ step: Number(failed?.step) + 1, field: "step", recorded: null });
  expect(report.replayed.steps.at(Number(failed?.step))?.stage).toMatchObject({ kind: "tool", output: { isError: true } });
});

test("a dead task goes on through every call for which an answer is given", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const calls = recording.steps.flatMap(({ stage }) => (stage.kind === "tool" ? [stage] : []));
  expect(calls.length).toBeGreaterThan(1);
  const died = await aRecording(
    { message: CANCELLATION },
    { services: withTools({ call: () => Promise.reject(new AppError("upstream_unavailable", "away")) }) },
  );
  const answers = calls.map(({ input: { call }, output }) => [call.name, [{ arguments: call.arguments, output: output.output }]] as const);
  const report = await replayTask(died, ReplayPlan.parse({ tools: Object.fromEntries(answers) }));
  expect(report).toMatchObject({ refused: null, replayed: { status: "done", attempts: 1 } });
  expect(report.replayed.steps.filter(({ stage: { kind } }) => kind === "tool")).toHaveLength(calls.length);
});

test("a dead task of a session goes on to what it would have kept in memory, which is not on record", async () => {
  const services = withTools({ call: () => Promise.reject(new AppError("upstream_unavailable", "away")) });
  const died = await aRecording({ message: CANCELLATION, session: "s-dead" }, { services });
  const answer = { output: "Error: reservation not found", isError: true };
  const report = await replayTask(died, ReplayPlan.parse({ tools: { get_reservation_details: [answer] } }));
  expect(report).toMatchObject({ refused: { what: "a write to memory" }, outcomeChanged: null, unasked: [] });
});

test("an answer for a call that a retry made is given to the retry, which is where the replay diverges", async () => {
  let failures = 0;
  const { tools } = aRunner(stage.prisma).services;
  const call: typeof tools.call = async (request) => {
    failures += 1;
    if (failures === 1) throw new AppError("upstream_unavailable", "away");
    return tools.call(request);
  };
  const recording = await aRecording({ message: CANCELLATION }, { services: withTools({ call }) });
  expect(recording.attempts.map(({ outcome }) => outcome)).toEqual(["failed", "done"]);
  const called = recording.steps.find(({ stage: { kind } }) => kind === "tool");
  const plan = ReplayPlan.parse({ tools: { get_reservation_details: [{ output: "Error: reservation not found", isError: true }] } });
  const report = await replayTask(recording, plan);
  expect(report).toMatchObject({ refused: null, replayed: { status: "done", attempts: 2 } });
  expect(report.divergence).toMatchObject({ step: called?.step, field: "step.output.output", replayed: "Error: reservation not found" });
});

test("a record from which a step is gone is not replayed, and the step is named", async () => {
  const recording = await aRecording({ message: CANCELLATION });
  const without = (step: number) => ({ ...recording, steps: recording.steps.filter((one) => one.step !== step) });
  await expect(replayTask(without(2), AS_RECORDED)).rejects.toThrow("incomplete. Step 2 is missing");
  await expect(replayTask(without(recording.steps.length), AS_RECORDED)).rejects.toThrow(`Step ${recording.steps.length} is missing`);
});

test("a missing version is named together with the nearest one, against which the task can be replayed", async () => {
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

/** Expects an identical replay: no divergence, and every decision with its recorded hash. */
async function expectIdentical(recording: TaskRecording, means: Parameters<typeof replayTask>[2] = {}): Promise<void> {
  const report = await replayTask(recording, AS_RECORDED, means);
  expect(report.divergence).toBeNull();
  expect(report).toMatchObject({ outcome: "identical", outcomeChanged: false, refused: null });
  expect(report.hashes).toEqual({ equal: recording.decisions.length, total: recording.decisions.length });
}

const NONSENSE = "How many lemons fit into the overhead bin?";

/** Services with some tool methods replaced. */
function withTools(tools: Partial<TaskRunner["services"]["tools"]>): TaskRunner["services"] {
  const { services } = aRunner(stage.prisma);
  return { ...services, tools: { ...services.tools, ...tools } };
}

/** Starts an attempt of a task and abandons it, like a worker that died. */
function startAndDie(taskId: string, isAlone: boolean) {
  return openJournalStore(stage.prisma).claimTask({ taskId, worker: newId(), version: "0.1.0", nowUs: systemClock.nowUs(), isAlone });
}

/** Runs an attempt that is taken for lost while it calls a tool for the `nth` time; another attempt takes the task over. */
async function loseAttempt(id: string, nth: number): Promise<void> {
  let calls = 0;
  const { tools } = aRunner(stage.prisma).services;
  const call: typeof tools.call = async (request) => {
    calls += 1;
    if (calls === nth) await startAndDie(id, true);
    return tools.call(request);
  };
  await runTask(aRunner(stage.prisma, { services: withTools({ call }) }), id);
}

test("a task that was redriven with an edited request is replayed run by run, the later one anew", async () => {
  const id = await anAdmittedTask(stage.prisma, { message: NONSENSE });
  await runToEnd(id);
  const died = await recordingOf(id);
  await redriveTask(stage.prisma, id, aRequest({ id, message: "Hello?" }));
  await runToEnd(id);
  await redriveTask(stage.prisma, id, aRequest({ id, message: CANCELLATION }));
  await startAndDie(id, false);
  await runToEnd(id);
  const recording = await recordingOf(id);
  expect(recording.requests.map(({ message }) => message)).toEqual([NONSENSE, "Hello?", CANCELLATION]);
  expect(recording.steps.length).toBeGreaterThan(died.steps.length + 5);
  await expectIdentical(recording);
});

test("a task redriven unchanged goes on from its last step, even if the first attempt of its second run died at once", async () => {
  const id = await anAdmittedTask(stage.prisma, { message: CANCELLATION });
  const away = { services: withTools({ call: () => Promise.reject(new AppError("forbidden", "not now")) }) };
  await runToEnd(id, away);
  await redriveTask(stage.prisma, id);
  await startAndDie(id, false);
  await runToEnd(id, away);
  await redriveTask(stage.prisma, id);
  await runToEnd(id);
  const recording = await recordingOf(id);
  expect(recording).toMatchObject({ status: "done", attempts: [{ run: 1 }, { run: 2, outcome: "lost" }, { run: 2 }, { run: 3 }] });
  await expectIdentical(recording);
});

test("lost and released attempts leave in a replay what they left then, wherever they stood", async () => {
  for (const nth of [1, 2]) {
    const id = await anAdmittedTask(stage.prisma, { message: CANCELLATION, session: `s-lost-${nth}` });
    await loseAttempt(id, nth);
    await runToEnd(id);
    const recording = await recordingOf(id);
    expect(recording.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "lost", "done"]);
    await expectIdentical(recording);

    await openJournalStore(stage.prisma).releaseAttempts([{ taskId: id, attempt: 1, isOver: true }]);
    const released = await recordingOf(id);
    expect(released.attempts[0]?.outcome).toBe("released");
    await expectIdentical(released);
  }
});

test("a task that killed its workers is given up again", async () => {
  for (const begins of [false, true]) {
    const id = await anAdmittedTask(stage.prisma, { message: CANCELLATION });
    if (begins) await loseAttempt(id, 2);
    for (let deaths = 0; deaths < 3; deaths += 1) await startAndDie(id, true);
    await runToEnd(id);
    const recording = await recordingOf(id);
    expect(recording.attempts.at(-1)?.error).toMatchObject({ class: "kills_worker" });
    await expectIdentical(recording);
  }
});

test("attempts that took too long, in a tool or in memory, do so again", async () => {
  const limits = { failuresMax: 3, retryDelayMs: 10, attemptMsMax: 100 };
  const hang = () => new Promise<never>(() => undefined);
  const { services } = aRunner(stage.prisma);
  const hanging = [
    { services: withTools({ call: hang }) },
    { services: { ...services, memory: { ...services.memory, remember: hang } }, request: { session: "s-hung" } },
  ];
  const recordings = await Promise.all(
    hanging.map(({ services: hung, request }) => aRecording({ message: CANCELLATION, ...request }, { services: hung, limits })),
  );
  for (const recording of recordings) {
    expect(recording.attempts.map(({ error }) => error?.class)).toEqual(["timed_out", "timed_out", "timed_out"]);
    await expectIdentical(recording);
  }
});

test("a retry waits in a replay as long as it did then, even if the delay settings have changed", async () => {
  const away = { services: withTools({ call: () => Promise.reject(new AppError("upstream_unavailable", "away")) }) };
  const id = await anAdmittedTask(stage.prisma, { message: CANCELLATION });
  for (const retryDelayMs of [10, 70])
    await runTask(aRunner(stage.prisma, { ...away, limits: { failuresMax: 3, retryDelayMs, attemptMsMax: 60_000 } }), id);
  await runToEnd(id);
  await expectIdentical(await recordingOf(id));
});

test("a task that failed in the worker itself is replayed if it had not begun, and otherwise refused with what is known", async () => {
  const recording = await aRecording({ message: CANCELLATION }, { services: withTools({ call: () => Promise.reject(new Error("gone")) }) });
  const inWorker = (index: number) => ({
    ...recording,
    attempts: recording.attempts.map((attempt, at) =>
      at === index && attempt.error !== null ? { ...attempt, error: { ...attempt.error, service: "signalbox-agent" } } : attempt,
    ),
  });
  expect(recording.attempts.at(-1)?.error).toMatchObject({ service: "signalbox-tools", tool: "get_reservation_details" });
  await expect(replayTask(inWorker(0), AS_RECORDED)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/Attempt 1 failed between two services.*gone/),
  });
});

const LOOK_UP = { name: "get_reservation_details", arguments: JSON.stringify({ reservation_id: BOOKING?.reservation_id }) };
const NO_TOOL: StubAnswer = { kind: "says", calls: [{ name: "teleport", arguments: "{}" }] };
const TURNS: readonly StubAnswer[] = [NO_TOOL, { kind: "says", calls: [LOOK_UP] }, { kind: "says", content: "It is booked." }];

/** The version of a worker with a model planner; its domain has the tools in `more` besides ours. */
function askingVersion(more: readonly string[] = []) {
  const { manifest } = OWN;
  const names = { ...manifest.tools.names, airline: [...(manifest.tools.names.airline ?? []), ...more].sort() };
  return { ...manifest, model: { provider: "stub", name: "gpt-4o-mini", temperature: 0.2 }, tools: { ...manifest.tools, names } };
}

/** The recording of a task that a model planned, with the manifest of the version that served it. */
async function aModelsRecording(
  answers: readonly StubAnswer[],
  services: Partial<TaskRunner["services"]> = {},
  more: readonly string[] = [],
) {
  await using stub = await openModelStub(inTurn(...answers));
  const endpoint = openAiEndpoint(
    { url: stub.url, key: "k", provider: "stub", timeoutMs: 10_000, retriesMax: 0 },
    new AbortController().signal,
  );
  const limits = { steps: 20, tokens: 200_000, costUsd: 1 };
  const planning = openPlanningService(openLlmPlanner(endpoint, { model: "gpt-4o-mini", temperature: 0.2, limits }, systemClock));
  const manifest = askingVersion(more);
  const recording = await aRecording(
    { message: "What do you know of my reservation?", planner: { kind: "llm" } },
    { services: { ...aRunner(stage.prisma).services, planning, ...services }, manifestOf: async () => manifest },
  );
  return { recording, manifest, manifests: { [recording.attempts[0]?.version ?? ""]: manifest } };
}

test("a task that a model planned without a session replays identically: prompt, tools, and everything the model was sent", async () => {
  const { recording, manifests } = await aModelsRecording(TURNS);
  expect(recording).toMatchObject({ status: "done", result: { answers: ["It is booked."] } });
  expect(recording.steps.map(({ stage: { kind } }) => kind)).toEqual(["understand", "recall", "move", "move", "tool", "move"]);
  await expectIdentical(recording, { manifests });
  await expectIdentical(recording);

  const stuck = await aModelsRecording([NO_TOOL]);
  expect(stuck.recording.attempts.at(-1)?.error?.class).toBe("bad_answer");
  await expectIdentical(stuck.recording, { manifests: stuck.manifests });
  const refused = await aModelsRecording([{ kind: "refuses", status: 500, message: "busy" }]);
  expect(refused.recording.status).toBe("dead");
  await expectIdentical(refused.recording, { manifests: refused.manifests });
});

/** The recording as it would be if the model had been sent something else. */
function toldOtherwise(recording: TaskRecording, told: object): TaskRecording {
  return {
    ...recording,
    steps: recording.steps.map((step) =>
      step.modelUse?.call == null ? step : { ...step, modelUse: { ...step.modelUse, call: { ...step.modelUse.call, ...told } } },
    ),
  };
}

test("a different prompt, different tools, and a different request to the model are named", async () => {
  const { recording, manifest, manifests } = await aModelsRecording(TURNS);
  const differs = async (told: object) => (await replayTask(toldOtherwise(recording, told), AS_RECORDED, { manifests })).divergence;
  const prompt = { name: "airline", version: "1", hash: "0123456789ab" };
  expect(await differs({ prompt })).toMatchObject({ step: 3, field: "step.modelUse.call.prompt.hash", recorded: "0123456789ab" });
  expect(await differs({ toolsHash: "0123456789ab" })).toMatchObject({ step: 3, field: "step.modelUse.call.toolsHash" });
  expect(await differs({ requestHash: "0123456789ab" })).toMatchObject({ step: 3, field: "step.modelUse.call.requestHash" });

  const gone = { ...manifest, prompts: { airline: { name: "airline@99", hash: "0123456789ab" } } };
  const report = await replayTask(recording, AS_RECORDED, { manifests: { [recording.attempts[0]?.version ?? ""]: gone } });
  expect(report.divergence).toMatchObject({ field: "decision.kind", recorded: "planned", replayed: "failed" });
  expect(report.replayed.error).toContain("no prompt airline@99");
});

test("a model's task with tools of an MCP server replays identically, and an added or removed tool of ours is named", async () => {
  const forecast: ToolDefinition = {
    name: "weather.forecast",
    description: "The weather.",
    parameters: { type: "object" },
    endsEpisode: false,
  };
  const { tools } = aRunner(stage.prisma).services;
  const { tools: withForecast } = withTools({
    list: async (of) => [...(await tools.list(of)), forecast],
    call: async (request) =>
      request.call.name === forecast.name ? { output: "Sun.", isError: false, endsEpisode: false, replayed: false } : tools.call(request),
  });
  const asking: StubAnswer = { kind: "says", calls: [{ name: "weather__forecast", arguments: '{"city":"Oslo"}' }] };
  const { recording, manifest, manifests } = await aModelsRecording(
    [asking, { kind: "says", content: "Sunny." }],
    { tools: withForecast },
    [forecast.name],
  );
  expect(recording.result?.toolCalls).toMatchObject([{ name: "weather.forecast", output: "Sun." }]);
  await expectIdentical(recording, { manifests });

  const had = {
    ...manifest,
    tools: { ...manifest.tools, names: { airline: [...(manifest.tools.names.airline ?? []), "fold_seat"].sort() } },
  };
  const report = await replayTask(recording, AS_RECORDED, { manifests: { [recording.attempts[0]?.version ?? ""]: had } });
  expect(report.divergence).toMatchObject({ field: "decision.detail.model.toolsHash" });
});

test("a group of dead letters replays all its ended tasks, redriven or not, and each identically", async () => {
  const away = { services: withTools({ call: () => Promise.reject(new AppError("forbidden", "the group's reason")) }) };
  const ids = [
    await anAdmittedTask(stage.prisma, { message: CANCELLATION }),
    await anAdmittedTask(stage.prisma, { message: CANCELLATION }),
  ];
  const waiting = await anAdmittedTask(stage.prisma, { message: CANCELLATION });
  for (const id of [...ids, waiting]) await runToEnd(id, away);
  const [letter] = await listDeadLetters(stage.prisma, ids[0] ?? "");
  const fingerprint = letter?.fingerprint ?? "";
  await redriveTask(stage.prisma, ids[1] ?? "");
  await runToEnd(ids[1] ?? "");
  await redriveTask(stage.prisma, waiting);

  const found = await listReplayable(stage.prisma, { project: "default", fingerprint }, 100);
  expect(found.filter((id) => [...ids, waiting].includes(id))).toEqual(ids);
  expect(await listReplayable(stage.prisma, { project: "default", fingerprint }, 1)).toHaveLength(1);
  expect(await listReplayable(stage.prisma, { project: "default", fingerprint: "0000000000000000" }, 100)).toEqual([]);
  expect(await listReplayable(stage.prisma, { project: "other", fingerprint }, 100)).toEqual([]);
  for (const recording of await readRecordings(stage.prisma, ids)) await expectIdentical(recording);
});
