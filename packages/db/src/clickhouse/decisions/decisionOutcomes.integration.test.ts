import { type Decision, EMPTY_CHAIN, sealDecision, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { storeDecisions, storeScores } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { createOutcomeReader } from "./decisionOutcomes.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const NOON = Date.parse("2026-11-27T12:00:00.000Z");
const WINDOW = { project: "default", fromMs: NOON, toMs: NOON + 3_600_000 };

function aDecision(trace: string, more: Partial<Decision>, minute = 1): Decision {
  return sealDecision(EMPTY_CHAIN, {
    ...{ project: "default", taskId: trace, kind: "understood", time: new Date(NOON + minute * 60_000).toISOString() },
    ...{ actor: { service: "clerk", version: "1" }, attempt: 1, traceId: traceIdOf(trace), spanId: null },
    ...{ chosen: "refund", confidence: 0.8, reason: "", detail: {}, ...more },
  });
}

const outcome = (trace: string, name: string, value: number, label: string, scorer = "signalbox") => ({
  ...{ project: "default", traceId: traceIdOf(trace), spanId: null, name, value, label, explanation: "", scorer },
  time: "2026-11-27T12:30:00.000Z",
});

test("decisions of the runtime and of decision models stand beside what became of their traces", async () => {
  const department = (value: string, confidence: number) => ({
    answers: {
      department: { type: "choice", value, probabilities: { billing: confidence, technical: 1 - confidence }, confidence },
      refused: { type: "choice", value: null, refusal: "uncertain" },
    },
  });
  await storeDecisions(clickhouse, [
    aDecision("a", {}),
    aDecision("b", { confidence: 0.6 }, 2),
    aDecision("c", { confidence: null }),
    aDecision("d", { kind: "decided", confidence: 0.7, detail: department("billing", 0.7) }),
    aDecision("e", { kind: "decided", confidence: 0.9, detail: department("technical", 0.9) }),
    aDecision("late", {}, 90),
  ]);
  await storeScores(clickhouse, [
    outcome("a", "reward", 1, "pass"),
    outcome("b", "reward", 0, "fail"),
    outcome("late", "reward", 1, "pass"),
    outcome("d", "topic", 0, "billing", "person:ann"),
    outcome("e", "topic", 0, "billing", "person:ann"),
    outcome("e", "topic", 1, "technical", "person:bob"),
    outcome("e", "topic", 1, "technical", "adjudicated"),
  ]);
  const reader = createOutcomeReader(clickhouse);
  expect(await reader.names(WINDOW, 10)).toEqual([
    { name: "reward", traces: 2 },
    { name: "topic", traces: 2 },
  ]);
  expect(await reader.points({ ...WINDOW, score: "reward" }, 10)).toEqual([
    { service: "clerk", name: "understood", answers: 2, known: 2, confidence: expect.closeTo(0.7, 12), right: 0.5 },
    { service: "clerk", name: "department", answers: 2, known: 0, confidence: expect.closeTo(0.8, 12), right: null },
  ]);
  // A label that is an option names the right one; a final label overrides people's labels.
  expect((await reader.points({ ...WINDOW, score: "topic" }, 1))[0]).toMatchObject({ name: "department", known: 2, right: 1 });
  const asked = { ...WINDOW, score: "reward", service: "clerk", name: "understood" };
  expect(await reader.answers(asked, 10)).toEqual([
    { unit: traceIdOf("b"), timeMs: NOON + 120_000, confidence: 0.6, isRight: false },
    { unit: traceIdOf("a"), timeMs: NOON + 60_000, confidence: 0.8, isRight: true },
  ]);
  expect(await reader.answers(asked, 1)).toHaveLength(1);
});
