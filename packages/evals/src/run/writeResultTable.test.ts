import type { EvalResult } from "@signalbox/model";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { writeResultTable } from "./writeResultTable.ts";

const RESULT: EvalResult = {
  ...{ position: 0, itemId: "a", unit: "a", trial: 0, state: "answered", input: { q: 'say "hi"' }, expected: "hi", output: ["hi"] },
  ...{ error: null, traceId: null, latencyMs: 1.5, costUsd: null, tokens: 7 },
  scores: [
    { name: "exact", value: 1, passed: true, explanation: "" },
    { name: "rouge", value: 0.5, passed: null, explanation: "other words" },
  ],
};

async function written(name: string, result = RESULT): Promise<Buffer> {
  async function* results() {
    yield result;
  }
  const parts: Buffer[] = [];
  for await (const part of writeResultTable(name, ["exact", "rouge"], results())) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

test("JSON Lines have a try as it is kept", async () => {
  expect(JSON.parse(String(await written("run.jsonl")))).toEqual(RESULT);
});

test("CSV has a column for each thing that a scorer says", async () => {
  expect(String(await written("run.csv")).split("\r\n")).toEqual([
    "itemId,unit,trial,state,input,expected,output,error,traceId,latencyMs,costUsd,tokens,exact.value,exact.passed,exact.explanation,rouge.value,rouge.passed,rouge.explanation",
    'a,a,0,answered,"{""q"":""say \\""hi\\""""}",hi,"[""hi""]",,,1.5,,7,1,true,,0.5,,other words',
    "",
  ]);
});

test("a score that could not be given is an empty cell with its reason", async () => {
  const scores = [{ name: "exact", value: 0, passed: null, explanation: "no score: no key", isFailure: true as const }];
  expect(String(await written("run.csv", { ...RESULT, scores })).split("\r\n")[1]).toMatch(/,7,,,no score: no key,,,$/);
});

test("no cell of CSV is a formula, and numbers stay numbers", async () => {
  const output = '=HYPERLINK("http://x")';
  const scores = [{ name: "exact", value: -1, passed: true, explanation: "-1 word" }];
  expect(String(await written("run.csv", { ...RESULT, input: "@SUM(A1)", expected: -2, output, scores })).split("\r\n")[1]).toBe(
    `a,a,0,answered,'@SUM(A1),-2,"'=HYPERLINK(""http://x"")",,,1.5,,7,-1,true,'-1 word,,,`,
  );
});

test("Parquet has numbers as numbers", async () => {
  const bytes = await written("run.parquet");
  const [row] = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  expect(row).toMatchObject({ itemId: "a", expected: '"hi"', latencyMs: 1.5, tokens: 7, "exact.value": 1, "exact.passed": true });
  expect(row?.["rouge.passed"] ?? null).toBeNull();
});

test("Parquet is written group by group, while rows come", async () => {
  let read = 0;
  async function* results() {
    for (; read < 12_000; read += 1) yield { ...RESULT, position: read, itemId: `i${read}` };
  }
  const parts: Uint8Array[] = [];
  const readAt: number[] = [];
  for await (const part of writeResultTable("run.parquet", ["exact", "rouge"], results())) {
    parts.push(typeof part === "string" ? Buffer.from(part) : part);
    readAt.push(read);
  }
  const file = Uint8Array.from(Buffer.concat(parts)).buffer;
  expect(readAt).toEqual([4_999, 9_999, 12_000, 12_000]);
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([5_000, 5_000, 2_000]);
  const ids = (await parquetReadObjects({ file, columns: ["itemId"] })).map(({ itemId }) => itemId);
  expect(ids).toEqual(Array.from({ length: 12_000 }, (_, at) => `i${at}`));
});

test("a file of another kind is refused", () => {
  expect(() => writeResultTable("run.xlsx", [], (async function* () {})())).toThrow("run.xlsx is of no kind");
});
