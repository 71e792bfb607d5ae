import { once } from "node:events";
import { createServer } from "node:http";
import { newId, type Task } from "@signalbox/model";
import { expect, test } from "vitest";
import type { RecordedTask } from "./recordedTask.ts";
import { runTasks } from "./runTasks.ts";
import { ServiceClient } from "./serviceClient.ts";

const { signal } = new AbortController();

function aTask(id: string): RecordedTask {
  const request: RecordedTask["request"] = {
    id,
    project: "default",
    name: "a task",
    domain: "airline",
    world: "demo",
    message: "Hello",
    planner: { kind: "rules" },
    tags: [],
  };
  return { id, taskId: 0, trial: 0, request, recorded: { toolOutputs: [], reward: 1, gtDataHash: null } };
}

const answer = (id: string, status: Task["status"]): Task => ({
  id,
  project: "default",
  name: "a task",
  status,
  attempts: 1,
  traceId: "",
  session: null,
  user: null,
  tags: [],
  version: null,
  variant: null,
  createdAt: "2026-01-01T00:00:00Z",
  finishedAt: null,
  result: null,
  error: null,
});

/** A gateway that admits everything; only tasks of `done` ever finish. */
async function openGateway(done: ReadonlySet<string>) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const id = request.method === "POST" ? JSON.parse(body).id : (request.url ?? "").split("/").at(-1);
    response.end(JSON.stringify(answer(id, done.has(id) ? "done" : "running")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    client: new ServiceClient("gateway", url, { patienceMs: 1_000, signal }),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test("tasks that never finish do not hide those behind them", async () => {
  const tasks = Array.from({ length: 70 }, () => aTask(newId()));
  await using gateway = await openGateway(new Set(tasks.slice(-3).map(({ id }) => id)));
  const counts: number[] = [];
  const run = runTasks(gateway.client, tasks, { stallMs: 1_500, signal, onProgress: (finished) => counts.push(finished) });
  await expect(run).rejects.toThrow("67 of 70 finished tasks are missing");
  expect(counts.at(-1)).toBe(3);
});
