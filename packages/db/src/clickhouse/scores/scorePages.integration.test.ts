import { type LogRecord, newId, type Score, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { NOON, storeLogs, storeScores } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { type GivenScore, placeOf, readScorePage, type ScorePlace, type ScoreQuery, scorePage, streamScores } from "./scorePages.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;

const PROJECT = "exported";
const TRACES = 3_000;

const aScore = (trace: string, given: Partial<Score> = {}): Score => ({
  ...{
    project: PROJECT,
    traceId: traceIdOf(trace),
    spanId: null,
    name: "reward",
    value: 1,
    label: "",
    explanation: "",
    scorer: "rule:r@1",
  },
  ...{ time: "2026-11-26T12:00:00.000Z", ...given },
});

/** A label without a number, as feedback of LangSmith's clients. */
const aLabel = (trace: string, label: string, id = "", given: Partial<LogRecord> = {}): LogRecord => ({
  ...{ project: PROJECT, timeUnixNano: String(NOON), traceId: traceIdOf(trace), spanId: "", service: "app", severity: "", body: "" },
  eventName: "gen_ai.evaluation.result",
  attributes: {
    ...{ "gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.label": label },
    ...(id === "" ? {} : { "langsmith.feedback.id": id }),
  },
  ...given,
});

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeScores(
    clickhouse,
    Array.from({ length: TRACES }, (_, index) => aScore(`t${index}`)),
  );
  await storeScores(clickhouse, [
    aScore("t0", { value: 0, time: "2026-11-27T12:00:00.000Z" }),
    aScore("t1", { spanId: "1".repeat(16) }),
    aScore("t2", { name: "liked", value: 1, feedback: { id: newId(), runId: newId() } }),
    aScore("t2", { name: "liked", value: 0, feedback: { id: newId(), runId: newId() } }),
    aScore("t3", { project: "another" }),
  ]);
  const [formal, stiff] = [newId(), newId()];
  await storeLogs(clickhouse, [aLabel("t2", "formal", formal), aLabel("t2", "rude", stiff), aLabel("t3", "plain")]);
  await storeLogs(clickhouse, [aLabel("t2", "stiff", stiff), aLabel("t4", "")]);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

async function all(query: Partial<ScoreQuery> = {}): Promise<GivenScore[]> {
  const scores: GivenScore[] = [];
  for await (const score of streamScores(clickhouse, { project: PROJECT, names: [], ...query })) scores.push(score);
  return scores;
}

const inOrder = (scores: readonly GivenScore[]): string[] => scores.map((score) => JSON.stringify(Object.values(placeOf(score))));

test("every score and label of a project comes once, in its latest version, however small the pages", async () => {
  const scores = await all();
  expect(scores).toHaveLength(TRACES + 3 + 3);
  expect(scores.filter(({ traceId }) => traceId === traceIdOf("t0"))).toMatchObject([{ value: 0, spanId: null }]);
  expect(scores.filter(({ name }) => name !== "reward").map(({ value, label }) => value ?? label)).toEqual(
    expect.arrayContaining([0, 1, "formal", "stiff", "plain"]),
  );
  const paged: GivenScore[] = [];
  for (let after: ScorePlace | null = null; ; after = placeOf(paged.at(-1) ?? aScore("t0"))) {
    const page = await readScorePage(clickhouse, { project: PROJECT, names: ["liked", "tone"] }, after, 1);
    if (page.length === 0) break;
    paged.push(...page);
  }
  expect(inOrder(paged)).toEqual(inOrder(await all({ names: ["liked", "tone"] })));
  expect(paged).toHaveLength(5);
});

test("those of some names, and of some time, come alone", async () => {
  expect((await all({ names: ["liked"] })).map(({ value, feedback }) => [value, typeof feedback?.id]).toSorted()).toEqual([
    [0, "string"],
    [1, "string"],
  ]);
  expect(await all({ since: new Date("2026-11-27T00:00:00Z") })).toMatchObject([{ traceId: traceIdOf("t0"), value: 0 }]);
  expect((await all({ before: new Date("2026-11-25T00:00:00Z") })).map(({ label }) => label).toSorted()).toEqual([
    "formal",
    "plain",
    "stiff",
  ]);
});

test("a label that was cleared later is not given before that either: its latest version counts", async () => {
  const project = "cleared";
  const id = newId();
  const hour = 3_600_000_000_000n;
  await storeLogs(clickhouse, [aLabel("t1", "formal", id, { project })]);
  await storeLogs(clickhouse, [aLabel("t1", "", id, { project, timeUnixNano: String(NOON + hour) })]);
  const before = new Date(Number((NOON + hour / 2n) / 1_000_000n));
  expect(await all({ project, before })).toEqual([]);
});

test("a page reads no scores of traces before or behind it", async () => {
  const [project, stored] = ["large", 500_000];
  await clickhouse.command({
    query: `INSERT INTO scores (project, trace_id, name, scorer, time, value)
SELECT '${project}', lower(hex(sipHash128(number))), 'reward', 'rule:r@1', now64(3), 1 FROM numbers(${stored})`,
  });
  const rowsRead = async (after: ScorePlace | null): Promise<number> => {
    const { sql, params } = scorePage({ project, names: [] }, after, 10);
    const answer = await clickhouse.query({ query: sql, query_params: params, format: "JSON" });
    return (await answer.json()).statistics?.rows_read ?? Number.NaN;
  };
  const middle = { ...placeOf(aScore("t0")), traceId: "8".repeat(32) };
  expect(await readScorePage(clickhouse, { project, names: [] }, middle, 10)).toHaveLength(10);
  expect(await rowsRead(null)).toBeLessThan(stored / 4);
  expect(await rowsRead(middle)).toBeLessThan(stored / 4);
});
