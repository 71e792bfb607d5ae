import { setTimeout as sleep } from "node:timers/promises";
import { newId, portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "../config.ts";
import type { PartHealth } from "../status/partHealth.ts";
import { openStack, type Stack } from "../supervisor/stack.ts";
import { until } from "../testing/processes.ts";
import { newPlace, type Place, runSignalbox, stateAt } from "../testing/signalbox.ts";

/** Often enough to meet a gap, and seldom enough for a slow machine to keep up. */
const POST_EVERY_MS = 40;

const Task = z.object({ status: z.string() });

let place: Place;
let stack: Stack;
let gatewayUrl: string;
let notes: string[];

beforeAll(async () => {
  place = await newPlace();
  notes = [];
  const config = loadConfig({}, { dataDir: place.dataDir, portOffset: String(place.portOffset), topology: "staging", copies: 2 });
  stack = await openStack(config, { without: ["console"], env: { SIGNALBOX_DEMO_TASKS: "1" }, note: (line) => notes.push(line) });
  await stack.start();
  gatewayUrl = `http://127.0.0.1:${portsAt(place.portOffset).gateway}`;
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

const pidsOfCopies = (): Map<string, number | undefined> =>
  new Map(stateAt(place).parts.flatMap(({ name, pid }) => (/-\d$/.test(name) ? [[name, pid] as const] : [])));

/** Posts tasks until it is stopped; returns the ids of the accepted ones, and the outcomes of the others. */
function postTasks() {
  const taken: string[] = [];
  const refused: unknown[] = [];
  let isOver = false;
  const postOne = async (): Promise<void> => {
    const id = newId();
    const body = JSON.stringify({ id, name: "ask", domain: "airline", world: "demo", message: "What is your baggage allowance?" });
    try {
      const answer = await fetch(`${gatewayUrl}/v1/tasks`, { method: "POST", headers: { "content-type": "application/json" }, body });
      await answer.body?.cancel();
      if (answer.status === 201) taken.push(id);
      else refused.push(answer.status);
    } catch (error) {
      refused.push(error);
    }
  };
  const poster = async (): Promise<void> => {
    while (!isOver) {
      await postOne();
      await sleep(POST_EVERY_MS);
    }
  };
  const posters = [poster(), poster()];
  return async () => {
    isOver = true;
    await Promise.all(posters);
    return { taken, refused };
  };
}

/** How each task ended. They all ask the same, so all end alike. */
async function endsOf(ids: readonly string[]): Promise<Map<string, string>> {
  const ends = new Map<string, string>();
  for (const id of ids) {
    const { value } = await until(`the end of task ${id}`, 120_000, async () => {
      const { status } = Task.parse(await (await fetch(`${gatewayUrl}/v1/tasks/${id}`)).json());
      return ["done", "dead"].includes(status) && status;
    });
    ends.set(id, value);
  }
  return ends;
}

test("every copy is replaced by a new process while tasks are posted, none is refused and all of them end", async () => {
  const before = pidsOfCopies();
  expect([...before.keys()]).toEqual([
    ...["language", "memory", "planning", "tools", "worker", "gateway"].flatMap((part) => [`${part}-1`, `${part}-2`]),
  ]);
  const stop = postTasks();
  await stack.roll();
  const { taken, refused } = await stop();

  expect(stateAt(place).roll).toEqual({ count: 1, status: "done" });
  for (const [name, pid] of pidsOfCopies()) expect(pid, name).not.toBe(before.get(name));
  expect(refused).toEqual([]);
  expect(taken.length).toBeGreaterThan(20);
  expect(new Set((await endsOf(taken)).values()).size).toBe(1);
});

test("a copy of a service that is killed comes back, and tasks go on meanwhile", async () => {
  const stop = postTasks();
  const pid = pidsOfCopies().get("planning-1");
  process.kill(pid ?? 0, "SIGKILL");
  await until("planning-1 is back", 60_000, () => {
    const now = stateAt(place).parts.find(({ name }) => name === "planning-1");
    return now?.status === "ready" && now.pid !== pid;
  });
  const { taken, refused } = await stop();
  expect(refused).toEqual([]);
  expect(new Set((await endsOf(taken)).values()).size).toBe(1);
});

test("status shows how many tasks each gateway admitted", async () => {
  const { taken } = await postTasks()();
  const { stdout } = await runSignalbox(place, ["status", "--json"]);
  const { parts }: { parts: PartHealth[] } = JSON.parse(stdout);
  const admitted = parts.map(({ name, counts }) => (/^gateway-\d$/.test(name) ? (counts.signalbox_gateway_admissions_total ?? 0) : 0));
  expect(admitted.reduce((sum, tasks) => sum + tasks, 0)).toBeGreaterThanOrEqual(taken.length);
  expect(taken.length).toBeGreaterThan(0);
});
