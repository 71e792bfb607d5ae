import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { addTextIndex, dropTextIndex, textIndexState } from "./textIndex.ts";
import { containsWords } from "./traceFilter.ts";
import type { TraceKey, TraceListQuery } from "./traceList.ts";
import type { TracePage } from "./tracePages.ts";
import { createTraceStore } from "./traceStore.ts";

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

const HOUR_NS = 3_600_000_000_000n;
const window = { from: String(NOON - HOUR_NS), to: String(NOON + HOUR_NS) };
const said = (content: string) => [{ role: "user", parts: [{ type: "text" as const, content }] }];

/** The names of the traces with these words, over all pages: a slow page returns only how far it has searched. */
async function namesOf(words: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: TraceKey | null = null;
  do {
    const query: TraceListQuery = { project: "words", window, filter: { words }, cursor, direction: "older", limit: 10 };
    const page: TracePage = await createTraceStore(clickhouse).list(query);
    names.push(...page.traces.map(({ name }) => name));
    cursor = page.next;
  } while (cursor !== null);
  return names;
}

/** The engine's plan for a search. */
async function plan(): Promise<string> {
  const query = `EXPLAIN indexes = 1 SELECT trace_id FROM spans WHERE ${containsWords()}`;
  const answer = await clickhouse.query({ query, query_params: { words: "brown" }, format: "TabSeparated" });
  return answer.text();
}

test("words are found alike before the index is there, with it, and after it is gone", async () => {
  const spans = [
    aSpan({ project: "words", trace: "a", name: "a", inputMessages: said("The quick\nBrown fox") }),
    aSpan({ project: "words", trace: "b", name: "b", outputMessages: said("brownish foxes"), atMs: 1 }),
    aSpan({ project: "words", trace: "c", name: "c", inputMessages: said("Zug\tMÜNCHEN\u2028Köln—“Ärger” C:\\new"), atMs: 2 }),
  ];
  await storeSpans(clickhouse, spans);
  const found: Record<string, string[]> = {
    "brown FOX": ["a"],
    brownish: ["b"],
    bro: [],
    "quick foxes": [],
    münchen: ["c"],
    KÖLN: ["c"],
    ärger: ["c"],
    "C:\\new": ["c"],
    ew: [],
  };
  const asked = async () => Object.fromEntries(await Promise.all(Object.keys(found).map(async (words) => [words, await namesOf(words)])));
  expect(await asked()).toEqual(found);
  expect(await plan()).not.toContain("_words");

  await clickhouse.command({
    query: "ALTER TABLE spans ADD INDEX input_messages_words lower(input_messages) TYPE text(tokenizer = 'splitByNonAlpha')",
  });
  expect(await textIndexState(clickhouse)).toMatchObject({ isOn: false });
  await addTextIndex(clickhouse);
  await addTextIndex(clickhouse);
  await expect.poll(() => textIndexState(clickhouse)).toMatchObject({ isOn: true, partsToDo: 0 });
  expect(await asked()).toEqual(found);
  expect(await plan()).toContain("input_messages_words_utf8");

  await dropTextIndex(clickhouse);
  expect(await textIndexState(clickhouse)).toMatchObject({ isOn: false });
  expect(await asked()).toEqual(found);
});
