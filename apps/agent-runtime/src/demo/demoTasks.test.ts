import { judgeRun } from "@signalbox/evals";
import { TaskRequest, type ToolCallAnswer, type ToolRequest, type Turn } from "@signalbox/model";
import { describe, expect, test } from "vitest";
import { AIRLINE } from "../domains/airline/airline.ts";
import { memoryWorld } from "../domains/airline/tools/memoryWorld.ts";
import { runTool } from "../domains/airline/tools/runTool.ts";
import { airlineTools } from "../domains/airline/tools/tools.ts";
import * as airline from "../domains/airline/world/demoWorld.ts";
import { BANKING } from "../domains/banking/banking.ts";
import { bankingTools } from "../domains/banking/tools/tools.ts";
import * as banking from "../domains/banking/world/demoWorld.ts";
import { openMemoryDesk } from "../domains/documents/memoryDesk.ts";
import { DOMAINS } from "../domains/domains.ts";
import { openLanguageService } from "../services/language/languageService.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { planByRules } from "../services/planning/rules/rulesPlanner.ts";
import { demoTask, demoTaskInTurn, openDemo } from "./demoTasks.ts";

const SEED = 7;

/** A domain's tools on the demo's data, in memory; `left` holds the documents that the calls wrote, by kind and id. */
type Desk = { left: Map<string, unknown>; call(request: ToolRequest): Promise<Omit<ToolCallAnswer, "replayed">> };

const AIRLINE_DATA = airline.demoWorld();
const BANKING_DOCUMENTS = banking.documentsOf(banking.demoWorld());

function openAirlineDesk(): Desk {
  const world = memoryWorld(AIRLINE_DATA);
  const left = new Map<string, unknown>();
  return {
    left,
    async call(request) {
      const { outcome, endsEpisode, writes } = await runTool(airlineTools, world, request);
      world.store(writes);
      for (const { table, id, document } of writes) left.set(`${table}/${id}`, document);
      return { output: outcome.output, isError: outcome.kind === "refusal", endsEpisode };
    },
  };
}

const openBankingDesk = (): Desk => openMemoryDesk(bankingTools, BANKING_DOCUMENTS);

/** The documents that a rule-planned conversation leaves behind, and the replies that the customer gets. */
async function converse(desk: Desk, { domain, message }: TaskRequest) {
  const understanding = await openLanguageService(RULE_CLASSIFIER).understand({ domain, message });
  const turns: Turn[] = [];
  const replies: string[] = [];
  for (;;) {
    const move = planByRules({ domain, message, understanding, turns });
    if (move.kind === "stop") return { left: desk.left, replies };
    if (move.kind === "reply") {
      turns.push({ kind: "reply", content: move.content });
      replies.push(move.content);
      continue;
    }
    const { output, endsEpisode } = await desk.call(move.call);
    turns.push({ kind: "tool", callId: move.callId, call: move.call, said: move.said, output });
    if (endsEpisode) return { left: desk.left, replies };
  }
}

/** The documents that the expected actions leave behind in a pristine world. */
async function truthOf(desk: Desk, task: TaskRequest): Promise<Map<string, unknown>> {
  for (const action of task.expectation?.actions ?? []) expect((await desk.call(action)).output, task.message).not.toMatch(/^Error/);
  return desk.left;
}

describe.each([
  { domain: AIRLINE, openDesk: openAirlineDesk, kinds: 13 },
  { domain: BANKING, openDesk: openBankingDesk, kinds: 18 },
])("the demo of $domain.name", ({ domain, openDesk, kinds }) => {
  const demo = openDemo(domain);
  const tasks = Array.from({ length: 230 }, (_, index) => demoTask(demo, SEED, index));
  const known = tasks.filter(({ expectation }) => expectation !== undefined).slice(0, 200);

  test("the rules solve two hundred of its tasks, in state and in answer", async () => {
    expect(known).toHaveLength(200);
    for (const task of known) {
      const { left, replies } = await converse(openDesk(), task);
      expect(left, task.message).toEqual(await truthOf(openDesk(), task));
      const run = { ended: true, steps: 1, answers: replies, finalState: {} };
      const { judgements } = judgeRun(run, { outputs: task.expectation?.outputs ?? [], endsWithin: 1, finalState: {} });
      expect(judgements.outputs, task.message).toMatchObject({ passed: true });
    }
  });

  test("an agent that does nothing and says nothing solves less than a sixth of them", async () => {
    const solvedByNothing = await Promise.all(
      known.map(async (task) => (await truthOf(openDesk(), task)).size === 0 && task.expectation?.outputs.length === 0),
    );
    expect(solvedByNothing.filter(Boolean).length).toBeLessThan(200 / 6);
  });

  test("every kind of task turns up, and some are unsolvable", () => {
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(kinds);
    expect(tasks.some(({ expectation }) => expectation === undefined)).toBe(true);
  });

  test("a task is the same for the same seed, its id too", () => {
    expect(demoTask(demo, SEED, 3)).toEqual(tasks[3]);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    expect(demoTask(demo, SEED + 1, 3).id).not.toBe(tasks[3]?.id);
  });

  test("a message that fits no plan is rejected", async () => {
    const impossible = tasks.find(({ name }) => name.endsWith("the impossible"));
    await expect(converse(openDesk(), TaskRequest.parse(impossible))).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

test("the domains take turns, and no two of their tasks share an id", () => {
  const demos = DOMAINS.map(openDemo);
  const tasks = Array.from({ length: 40 }, (_, index) => demoTaskInTurn(demos, SEED, index));
  expect(tasks.slice(0, 4).map(({ domain }) => domain)).toEqual(["airline", "banking", "airline", "banking"]);
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(40);
});

/** The items by which a change of this agent is judged before it is released; the demo has other tasks of the same kinds. */
const GATE_SEED = 11;
const GATE_ITEMS = 120;

test("the items of this repository's own eval gate are tasks of these kinds: vitest -u writes the file anew", async () => {
  const demos = DOMAINS.map(openDemo);
  const drawn = Array.from({ length: 2 * GATE_ITEMS }, (_, index) => demoTaskInTurn(demos, GATE_SEED, index));
  const known = new Map(drawn.filter(({ expectation }) => expectation !== undefined).map((task) => [task.message, task]));
  const lines = [...known.values()].slice(0, GATE_ITEMS).map(({ id, domain, world, message, name, expectation }) => {
    const expected = { expectedOutput: { outputs: expectation?.outputs }, expectedToolCalls: expectation?.actions };
    return `${JSON.stringify({ id, input: { domain, world, message }, ...expected, metadata: { task: name } })}\n`;
  });
  expect(lines).toHaveLength(GATE_ITEMS);
  await expect(lines.join("")).toMatchFileSnapshot("../../../../infra/github/reference-agent.jsonl");
});
