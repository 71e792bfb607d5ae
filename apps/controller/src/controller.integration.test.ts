import { request as httpRequest } from "node:http";
import { createScoreReader } from "@signalbox/db/clickhouse";
import { createRedrive, listDeadLetters, listDecisions } from "@signalbox/db/prisma";
import { EvaluationAnswer, type TaskRequest, verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, until } from "./testing/stage.ts";

const DEMO_TASKS = 24;

let stage: Awaited<ReturnType<typeof openStage>>;

beforeAll(async () => {
  stage = await openStage(DEMO_TASKS);
});
afterAll(() => stage[Symbol.asyncDispose]());

async function post(path: string, body: unknown = {}): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${stage.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A task that cancels a cancellable reservation of the demo, with changes to its expectation. */
async function aCancellation(expectation: Partial<NonNullable<TaskRequest["expectation"]>>): Promise<Partial<TaskRequest>> {
  const rows = await stage.prisma.airlineReservation.findMany({ where: { world: "demo", overlay: "" } });
  const reservation = rows
    .map(({ document }) => document as { reservation_id: string; user_id: string; cabin: string; flights: { date: string }[] })
    .find(({ cabin, flights }) => cabin === "business" && flights.every(({ date }) => date > "2024-05-15"));
  const { reservation_id, user_id } = reservation ?? {};
  const actions = [{ name: "cancel_reservation", arguments: { reservation_id } }];
  return {
    message: `Please cancel my reservation ${reservation_id}. User ${user_id}.`,
    expectation: { actions, outputs: ["is cancelled"], endsWithin: 30, ...expectation },
  };
}

/** Has the controller redrive a letter. */
async function redrive(id: string): Promise<void> {
  await createRedrive(
    stage.prisma,
    {
      ...{ project: "default", name: "again", reason: "a test", actor: "ann", selection: { kind: "letters", ids: [id] } },
      ...{ version: { kind: "any" }, payload: null, ratePerSecond: 1, tryFirst: null },
    },
    { now: new Date(), confirm: () => undefined },
  );
}

async function evaluationOf(taskId: string) {
  return until(`the evaluation of ${taskId}`, async () => {
    const { body } = await post("/v1/evaluations/query", { taskIds: [taskId] });
    return EvaluationAnswer.parse(body).evaluations[0];
  });
}

/** The scores of a trace, by name. */
async function scoresOf(traceId: string): Promise<Record<string, number>> {
  const scores = await createScoreReader(stage.clickhouse).byTraces("default", [traceId], 100);
  return Object.fromEntries(scores.map(({ name, value }) => [name, value]));
}

test("every finished task with an expectation is evaluated once, however often the controller is killed", async () => {
  const due = () => stage.prisma.task.count({ where: { hasExpectation: true, status: { in: ["done", "dead"] }, evaluation: null } });
  await until(
    "the demo's tasks",
    async () => (await stage.prisma.task.count({ where: { status: { in: ["done", "dead"] } } })) >= DEMO_TASKS,
  );
  const known = await due();
  expect(known).toBeGreaterThan(DEMO_TASKS / 2);

  for (let kills = 0; (await due()) > 0; kills += 1) {
    await using _controller = await stage.startController();
    await until("some evaluations, or the last", async () => (await due()) <= Math.max(0, known - (kills + 1) * 8));
  }
  const evaluations = await stage.prisma.evaluationRow.findMany();
  expect(evaluations.map(({ reward }) => reward)).toEqual(evaluations.map(() => 1));
  const answer = await stage.clickhouse.query({
    query: "SELECT name, count() AS scores, sum(value) AS passed FROM scores FINAL GROUP BY name ORDER BY name",
    format: "JSONEachRow",
  });
  const counts = (await answer.json<{ name: string; scores: string; passed: number }>()).map(({ name, scores, passed }) => [
    name,
    Number(scores),
    passed,
  ]);
  const tasks = evaluations.length;
  expect(counts).toEqual(["ending", "final_state", "outputs", "reward"].map((name) => [name, tasks, tasks]));
});

describe("a controller that is left alone", () => {
  let controller: AsyncDisposable;
  beforeAll(async () => {
    controller = await stage.startController();
  });
  afterAll(() => controller[Symbol.asyncDispose]());

  test("a task that did the right thing scores differently from one that did not, and from one that did not say so", async () => {
    const right = await stage.runTask(await aCancellation({}));
    const elsewhere = await stage.runTask(await aCancellation({ actions: [] }));
    const unsaid = await stage.runTask(await aCancellation({ outputs: ["42"] }));

    expect(await evaluationOf(right.id)).toMatchObject({ reward: 1, dataMatches: true, outputsMatch: true });
    expect(await evaluationOf(elsewhere.id)).toMatchObject({ reward: 0, dataMatches: false, outputsMatch: true });
    expect(await evaluationOf(unsaid.id)).toMatchObject({ reward: 0, dataMatches: true, outputsMatch: false });
    const ofExpected = { where: { overlay: { startsWith: `truth:${right.id}` } } };
    expect(await stage.prisma.airlineReservation.count(ofExpected)).toBe(0);
    expect(await stage.prisma.toolEffect.count(ofExpected)).toBe(0);
    expect(await scoresOf(right.traceId)).toEqual({ reward: 1, final_state: 1, outputs: 1, ending: 1 });
    expect(await scoresOf(elsewhere.traceId)).toEqual({ reward: 0, final_state: 0, outputs: 1, ending: 1 });
  });

  test("a task that died is evaluated too, and again after it was redriven", async () => {
    const dead = await stage.runTask({
      message: "How many lemons fit into the overhead bin?",
      expectation: { actions: [], outputs: [], endsWithin: 30 },
    });
    expect(dead.status).toBe("dead");
    expect(await evaluationOf(dead.id)).toMatchObject({ reward: 0, dataMatches: true });

    const [letter] = await listDeadLetters(stage.prisma, dead.id);
    await redrive(letter?.id ?? "");

    const again = await until("the second death", async () => {
      const task = await stage.finished(dead.id);
      return task.run === 2 ? task : null;
    });
    expect(again.status).toBe("dead");
    const decisions = await listDecisions(stage.prisma, dead.id);
    expect(verifyChain(decisions)).toEqual({ kind: "whole" });
    expect(decisions.map(({ kind }) => kind)).toEqual([
      "routed",
      "understood",
      "failed",
      "dead_lettered",
      "replayed",
      "failed",
      "dead_lettered",
    ]);
    expect(await listDeadLetters(stage.prisma, dead.id)).toMatchObject([{ run: 1 }, { run: 2, attempts: [{ attempt: 2 }] }]);
    expect(await evaluationOf(dead.id)).toMatchObject({ reward: 0 });
  });

  test("a task that can never be evaluated is given up and counted, and delays no other", async () => {
    const hopeless = await stage.runTask({ world: "nowhere", message: "Hello", expectation: { actions: [], outputs: [], endsWithin: 30 } });
    await until("the count of what was given up", async () =>
      (await (await fetch(`${stage.url}/metrics`)).text()).includes('signalbox_controller_evaluations_total{outcome="given_up"} 1'),
    );
    const next = await stage.runTask(await aCancellation({ actions: [] }));
    expect(await evaluationOf(next.id)).toMatchObject({ reward: 0 });
    expect((await post("/v1/evaluations/query", { taskIds: [hopeless.id] })).body).toEqual({ evaluations: [] });
    expect(await (await fetch(`${stage.url}/metrics`)).text()).toContain('{outcome="given_up"} 1');
  });

  test("the gate passes, fails or asks for more data, by the stored scores", async () => {
    const ask = async (question: object) => (await post("/v1/gates/check", { score: "reward", ...question })).body;
    expect(await ask({ atLeast: 0.3 })).toMatchObject({ verdict: "pass", metrics: [{ name: "reward" }] });
    expect(await ask({ atLeast: 1 })).toMatchObject({ verdict: "fail" });
    expect(await ask({ atLeast: 0.5, since: "2999-01-01T00:00:00Z" })).toMatchObject({ verdict: "inconclusive", metrics: [{ total: 0 }] });
    expect((await post("/v1/gates/check", { score: "reward", atLeast: 2 })).status).toBe(400);
  });

  test("no other web page may ask the controller", async () => {
    const statusOf = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        httpRequest({ host: "127.0.0.1", port: stage.config.port, path: "/v1/gates/check", method: "POST", headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await statusOf({ origin: "https://attacker.example" })).toBe(403);
    expect(await statusOf({ host: `attacker.example:${stage.config.port}` })).toBe(403);
  });
});
