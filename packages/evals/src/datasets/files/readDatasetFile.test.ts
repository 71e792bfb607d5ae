import type { DatasetChange, DatasetItem } from "@signalbox/model";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { readTauBench } from "../tauBench/readTauBench.ts";
import { smallFolder } from "../tauBench/smallFolder.ts";
import type { DatasetFile } from "./datasetFile.ts";
import { type FileChoice, readDatasetFile } from "./readDatasetFile.ts";
import { tauBenchItems } from "./tauBenchItems.ts";
import { writeDatasetFile } from "./writeDatasetFile.ts";

function aFile(name: string, content: string | Uint8Array): DatasetFile {
  const bytes = Buffer.from(content);
  return {
    name,
    text: async () => bytes.toString("utf8"),
    async *lines() {
      yield* bytes.toString("utf8").split("\n");
    },
    bytes: { byteLength: bytes.length, slice: async (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer },
  };
}

/** The items of a file: their non-empty fields, by id. */
async function itemsOf(file: DatasetFile, choice: FileChoice = {}) {
  const { batches, passedOver } = await readDatasetFile(file, choice);
  const items: unknown[] = [];
  for await (const batch of batches) items.push(...batch.map(told));
  return { items, passedOver: Object.fromEntries(passedOver) };
}

function told(change: DatasetChange): unknown {
  if (change.kind !== "put") return change;
  const { metadata, ...content } = change.content;
  const said = Object.entries({ id: change.id, ...content }).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(said), ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}

const OWN = {
  id: "a",
  input: { q: "one", n: 1 },
  expectedOutput: ["x"],
  expectedToolCalls: [{ name: "t", arguments: { a: 1 } }],
  split: "dev",
  metadata: { k: "v" },
};
const TRACE = "0af7651916cd43dd8448eb211c80319c";

test.each<[string, string, FileChoice, unknown[]]>([
  ["d.jsonl", `${JSON.stringify(OWN)}\n\n{"input":"two"}\n`, {}, [OWN, { input: "two" }]],
  ["d.json", JSON.stringify([OWN]), { split: "test" }, [OWN]],
  ["d.json", JSON.stringify([{ input: "two" }]), { split: "test" }, [{ input: "two", split: "test" }]],
  [
    "d.csv",
    'id,input,expectedOutput,split\r\n7,"say ""hi""","{""a"":1}",\r\n8,[sic],42,dev',
    {},
    [
      { id: "7", input: 'say "hi"', expectedOutput: { a: 1 } },
      { id: "8", input: "[sic]", expectedOutput: "42", split: "dev" },
    ],
  ],
  [
    "langsmith.jsonl",
    JSON.stringify({
      id: "e1",
      inputs: { q: 1 },
      outputs: { a: 2 },
      metadata: { dataset_split: ["test", "hard"], k: 1 },
      created_at: "2026-01-01",
      dataset_id: "d",
      source_run_id: "r",
    }),
    {},
    [
      {
        id: "e1",
        input: { q: 1 },
        expectedOutput: { a: 2 },
        split: "test",
        metadata: { k: 1, dataset_split: ["test", "hard"], source_run_id: "r" },
      },
    ],
  ],
  [
    "langfuse.json",
    JSON.stringify({
      data: [
        { id: "i1", status: "ACTIVE", input: "q", expectedOutput: "a", metadata: "note", sourceTraceId: TRACE, datasetName: "d" },
        { id: "i2", status: "ARCHIVED", input: "old" },
      ],
      meta: { page: 1 },
    }),
    {},
    [{ id: "i1", input: "q", expectedOutput: "a", metadata: { value: "note" }, source: { traceId: TRACE, taskId: null } }],
  ],
  [
    "langfuse.csv",
    `id,input,expected_output,source_trace_id\n1,"{""q"":1}",yes,${TRACE}`,
    {},
    [{ id: "1", input: { q: 1 }, expectedOutput: "yes", source: { traceId: TRACE, taskId: null } }],
  ],
  ["clinc.json", '[["what time is it","time"]]', {}, [{ input: "what time is it", expectedOutput: "time" }]],
  [
    "banking.csv",
    "text,category\nwhere is my card,card_arrival",
    { split: "train" },
    [{ input: "where is my card", expectedOutput: "card_arrival", split: "train" }],
  ],
  [
    "any.csv",
    "question,answer,topic,id\none,1,t,a",
    { columns: { input: ["question"], expected: ["answer"] } },
    [{ id: "a", input: "one", expectedOutput: "1", metadata: { topic: "t" } }],
  ],
  [
    "any.csv",
    "q,lang,a\none,en,1",
    { columns: { input: ["q", "lang"], expected: [] } },
    [{ input: { q: "one", lang: "en" }, metadata: { a: "1" } }],
  ],
])("%s is read: %j", async (name, content, choice, items) => {
  expect((await itemsOf(aFile(name, content), choice)).items).toEqual(items);
});

test("what is left out is counted, with the reason", async () => {
  const file = aFile("f.jsonl", '{"input":1,"status":"ACTIVE"}\n{"input":2,"status":"ARCHIVED"}');
  expect((await itemsOf(file)).passedOver).toEqual({ archived: 1 });
});

test("Parquet is read with its types, row by row", async () => {
  const content = parquetWriteBuffer({
    columnData: [
      { name: "question", data: ["one", "two"], type: "STRING" },
      { name: "answer", data: [1n, 2n], type: "INT64" },
      { name: "tags", data: ['{"a":1}', null], type: "STRING" },
    ],
  });
  const columns = { input: ["question"], expected: ["answer"] };
  expect((await itemsOf(aFile("d.parquet", new Uint8Array(content)), { columns })).items).toEqual([
    { input: "one", expectedOutput: 1, metadata: { tags: { a: 1 } } },
    { input: "two", expectedOutput: 2 },
  ]);
});

test.each<[string, string, FileChoice, string]>([
  [
    "d.jsonl",
    '{"input":1}\n{"output":2}\n{"input":3,"splitt":"x"}\n\n{"input":4,"split":"a b"}',
    {},
    "d.jsonl, line 2: input is missing; line 3: ",
  ],
  [
    "d.jsonl",
    '{"input":1}\n{"input":3,"splitt":"x"}\n\n{"input":4,"split":"a b"}',
    {},
    'd.jsonl, line 2: there is no "splitt" here; line 4: split: a split has 1 to 60',
  ],
  ["d.jsonl", '{"input":1}\n{"input"', {}, "d.jsonl, line 2: this is not valid JSON"],
  ["d.json", '[{"input":1},\n{"input"]', {}, "d.json, line 2: this is not valid JSON"],
  ["d.json", '{"rows":[]}', {}, "d.json is no array of rows"],
  ["d.csv", "input,split\na,b\nc", {}, "d.csv, line 3: there are 1 cells, and the header names 2 columns"],
  ["d.csv", "input,input\na,b", {}, "d.csv, line 1: the header names the column input twice"],
  ["d.csv", "question,answer\na,b", {}, "d.csv: its first row is written in no way that is known here. It has question, answer."],
  ["d.csv", "question,answer\na,b\n,c", { columns: { input: ["question"], expected: [] } }, "d.csv, line 3: question is missing"],
  ["d.jsonl", Array.from({ length: 9 }, () => '{"inputs":1}').join("\n"), {}, "and there may be more"],
  ["d.jsonl", "", {}, "d.jsonl has no row"],
  ["d.parquet", "PAR1 and no more", {}, "d.parquet cannot be read as Parquet"],
  ["d.xml", "<a/>", {}, "d.xml is of no kind that items are read from"],
])("%s that is wrong says where: %j", async (name, content, choice, message) => {
  await expect(itemsOf(aFile(name, content), choice)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(message),
  });
});

test("the tasks of a τ-bench folder are items", async () => {
  const { batches } = tauBenchItems(await readTauBench(smallFolder()));
  expect(batches.flat().map(told)).toEqual([
    {
      id: "task-0",
      input: { instruction: "Your user id is ada_1.", user: "ada_1" },
      expectedOutput: { outputs: [] },
      expectedToolCalls: [],
      metadata: { domain: "airline", task: 0 },
    },
  ]);
});

test.each(["d.jsonl", "d.csv", "d.parquet"])("what is written to %s is read as the same", async (name) => {
  const items = [
    OWN,
    { id: "b", input: '"quoted", [1]\nand more' },
    { id: "c", input: "[1]", expectedOutput: { n: 1.5 }, source: { traceId: TRACE, taskId: null } },
  ];
  async function* stored() {
    const nothing = { expectedOutput: null, expectedToolCalls: null, expectedState: null, metadata: {}, split: null, source: null };
    for (const [position, item] of items.entries()) yield { ...nothing, ...item, position, hash: "", caseHash: "" } as DatasetItem;
  }
  const parts: Buffer[] = [];
  for await (const part of writeDatasetFile(name, stored())) parts.push(Buffer.from(part));
  expect((await itemsOf(aFile(name, Buffer.concat(parts)))).items).toEqual(items);
});
