import { TaskRequest, type ToolRequest, type Turn } from "@signalbox/model";
import { expect, test } from "vitest";
import { openLanguageService } from "../services/language/languageService.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { planByRules } from "../services/planning/rules/rulesPlanner.ts";
import { demoWorld } from "../services/tools/airline/demoWorld.ts";
import { memoryWorld } from "../services/tools/airline/memoryWorld.ts";
import { runTool } from "../services/tools/airline/runTool.ts";
import { airlineTools } from "../services/tools/airline/tools.ts";
import { demoTask } from "./demoTasks.ts";

const SEED = 7;
const DATA = demoWorld();

async function execute(world: ReturnType<typeof memoryWorld>, call: ToolRequest) {
  const { outcome, endsEpisode, writes } = await runTool(airlineTools, world, call);
  world.store(writes);
  return { output: outcome.output, endsEpisode, writes };
}

/** What a conversation by the rules leaves behind: documents by id, and what the customer hears. */
async function converse({ message }: TaskRequest) {
  const understanding = await openLanguageService(RULE_CLASSIFIER).understand({ message });
  const world = memoryWorld(DATA);
  const left = new Map<string, unknown>();
  const turns: Turn[] = [];
  const replies: string[] = [];
  for (;;) {
    const move = planByRules({ message, understanding, turns });
    if (move.kind === "stop") return { left, replies };
    if (move.kind === "reply") {
      turns.push({ kind: "reply", content: move.content });
      replies.push(move.content.toLowerCase().replaceAll(",", ""));
      continue;
    }
    const { output, endsEpisode, writes } = await execute(world, move.call);
    for (const { table, id, document } of writes) left.set(`${table}/${id}`, document);
    turns.push({ kind: "tool", callId: move.callId, call: move.call, said: move.said, output });
    if (endsEpisode) return { left, replies };
  }
}

/** What the expected actions leave behind on a pristine world. */
async function truthOf(task: TaskRequest): Promise<Map<string, unknown>> {
  const world = memoryWorld(DATA);
  const truth = new Map<string, unknown>();
  for (const action of task.expectation?.actions ?? []) {
    const { output, writes } = await execute(world, action);
    expect(output, task.message).not.toMatch(/^Error/);
    for (const { table, id, document } of writes) truth.set(`${table}/${id}`, document);
  }
  return truth;
}

const TASKS = Array.from({ length: 230 }, (_, index) => demoTask(DATA, SEED, index));
const KNOWN = TASKS.filter(({ expectation }) => expectation !== undefined).slice(0, 200);

test("the rules solve two hundred tasks of the demo, by state and by answer", async () => {
  expect(KNOWN).toHaveLength(200);
  for (const task of KNOWN) {
    const { left, replies } = await converse(task);
    expect(left, task.message).toEqual(await truthOf(task));
    for (const output of task.expectation?.outputs ?? [])
      expect(replies.join("\n"), task.message).toContain(output.toLowerCase().replaceAll(",", ""));
  }
});

test("an agent that does nothing and says nothing solves less than a sixth of them", async () => {
  const solvedByNothing = await Promise.all(
    KNOWN.map(async (task) => (await truthOf(task)).size === 0 && task.expectation?.outputs.length === 0),
  );
  expect(solvedByNothing.filter(Boolean).length).toBeLessThan(200 / 6);
});

test("every kind of task turns up, and some that nobody can solve", () => {
  expect(new Set(TASKS.map(({ name }) => name)).size).toBe(13);
  expect(TASKS.some(({ expectation }) => expectation === undefined)).toBe(true);
});

test("a task is the same for the same seed, its id too", () => {
  expect(demoTask(DATA, SEED, 3)).toEqual(TASKS[3]);
  expect(new Set(TASKS.map(({ id }) => id)).size).toBe(TASKS.length);
  expect(demoTask(DATA, SEED + 1, 3).id).not.toBe(TASKS[3]?.id);
});

test("a message that no plan fits is rejected", async () => {
  const impossible = TASKS.find(({ name }) => name === "Ask for the impossible");
  await expect(converse(TaskRequest.parse(impossible))).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
});
