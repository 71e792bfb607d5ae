import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPrisma } from "@signalbox/db/prisma";
import { expect, test } from "vitest";
import * as azure from "../testing/builders/azureBuilders.ts";
import { aForm, aRun, formOf } from "../testing/builders/langsmithBuilders.ts";
import { metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { someRules } from "../testing/someRules.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilWritten } from "../testing/untilTrue.ts";

const RULES = { patterns: [{ name: "word", pattern: "classified-[0-9a-f]+" }], attributes: ["shoe.size", "classified"] };

/** Requests that write `word` into every place that a sender can fill, in every protocol. */
function sayEverywhere(word: string): { path: string; body: string | Buffer; method?: string }[] {
  const text = attributes({ note: `it is ${word}!`, [`about ${word}`]: 1, json: `{"a":{"classified":"${word}","b":"\\u0020${word}"}}` });
  const messages = `[{"role":"user","content":"${word}"}]`;
  const said = attributes({
    ...{
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "session.id": word,
      "user.id": word,
      "gen_ai.agent.name": word,
    },
    ...{ "gen_ai.input.messages": messages, "gen_ai.output.messages": messages, "gen_ai.system_instructions": messages },
  });
  const tool = attributes({
    ...{ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": word, "gen_ai.tool.call.id": word },
    ...{ "gen_ai.tool.call.arguments": `{"a":"${word}"}`, "gen_ai.tool.call.result": word },
  });
  const events = [
    { name: word, timeUnixNano: "1", attributes: text },
    {
      name: "gen_ai.evaluation.result",
      timeUnixNano: "2",
      attributes: attributes({
        "gen_ai.evaluation.name": "tone",
        "gen_ai.evaluation.score.value": 1,
        "gen_ai.evaluation.explanation": word,
      }),
    },
  ];
  const span = (over: object) => aSpan({ name: word, status: { code: 2, message: word }, events, ...over });
  const spans = [span({ attributes: [...said, ...text] }), span({ attributes: tool }), span({ traceId: "00", attributes: text })];
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const log = { timeUnixNano: now, eventName: word, severityText: word, body: { stringValue: word }, attributes: text };
  const noDecision = { timeUnixNano: now, eventName: "signalbox.decision", body: { stringValue: `{"taskId":"${word}"}` } };
  const dataPoints = [
    { timeUnixNano: now, asInt: "1", attributes: text, exemplars: [{ timeUnixNano: now, asInt: "1", filteredAttributes: text }] },
  ];
  const run = aRun({ name: word, outputs: { said: word, classified: 7_777_777_777 } });
  const dataset = { name: `set ${word}`, description: word, extra: { metadata: { classified: word } } };
  const json = (value: unknown) => JSON.stringify(value);
  return [
    { path: "/v1/traces", body: json(tracesRequest(spans, word)) },
    { path: "/v1/logs", body: json(logsRequest([log, noDecision, { ...log, traceId: "xx" }], word)) },
    { path: "/v1/metrics", body: json(metricsRequest([{ name: "n", description: word, unit: word, gauge: { dataPoints } }], word)) },
    {
      path: "/v2.1/track",
      body: json([
        { ...azure.A_MESSAGE, data: { baseType: "MessageData", baseData: { message: word, properties: { a: word } } } },
        azure.anEnvelope("PageViewData", { name: word }),
      ]),
    },
    {
      path: "/runs/multipart",
      body: aForm([
        { kind: "post", fields: { ...run.post, run_type: word, session_id: word, error: word, extra: { metadata: { [word]: word } } } },
        { kind: "patch", fields: run.patch },
      ]),
    },
    {
      path: "/runs/multipart",
      body: formOf([
        {
          name: `feedback.${run.id}`,
          text: json({ id: run.id, run_id: run.id, trace_id: run.traceId, key: word, score: 1, created_at: word, comment: word }),
        },
        { name: "what", text: word },
      ]),
    },
    { path: "/datasets", body: json(dataset) },
  ];
}

async function say(url: string, word: string): Promise<void> {
  for (const { path, body } of sayEverywhere(word)) {
    const headers = { "content-type": path === "/runs/multipart" ? "multipart/form-data" : "application/json" };
    const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: new Uint8Array(Buffer.from(body)) });
    expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
  }
  await untilWritten(url);
}

/** Turns compression off in the store, so that texts can be found in its files. */
async function withoutCompression(store: TestStore): Promise<void> {
  const columns = await store.rows<{ table: string; name: string }>(
    `SELECT table, name FROM system.columns WHERE database = currentDatabase() AND match(type, 'String') AND is_in_partition_key = 0
       AND is_in_sorting_key = 0 AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')`,
  );
  for (const { table, name } of columns) await store.command(`ALTER TABLE ${table} MODIFY COLUMN ${name} CODEC(NONE)`);
  // So that no file is replaced by another while the files are read.
  for (const table of new Set(columns.map((column) => column.table))) await store.command(`SYSTEM STOP MERGES ${table}`);
}

function filesWith(folder: string, word: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => readFileSync(path).includes(word));
}

/** The tables with a row that contains `word`. */
async function tablesWith(store: TestStore, word: string): Promise<string[]> {
  const tables = await store.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await store.rows(`SELECT * FROM ${name}`);
    if (JSON.stringify(rows).includes(word)) found.push(name);
  }
  await using prisma = createPrisma(store.databaseUrl);
  if (JSON.stringify(await prisma.datasetRow.findMany()).includes(word)) found.push("dataset");
  return found.sort();
}

test("text that a rule redacts is in no table and no file of the stores, whatever protocol and field it came in", async () => {
  await using store = await startTestStore({ withState: true });
  await withoutCompression(store);
  const [open, secret] = ["classified-", "classified-"].map((start) => start + randomBytes(12).toString("hex")) as [string, string];
  {
    await using collector = await startTestCollector({}, store.insert, store.langsmith);
    await say(collector.url, open);
  }
  await using collector = await startTestCollector({}, store.insert, { ...store.langsmith, ruleSource: someRules(RULES) });
  await say(collector.url, secret);

  const everywhere = ["dataset", "logs", "metric_points", "rejected", "run_parts", "scores", "spans", "trace_keys"];
  expect(await tablesWith(store, open)).toEqual(everywhere);
  expect(filesWith(store.dataDir, open)).not.toEqual([]);
  expect(await tablesWith(store, secret)).toEqual([]);
  expect(filesWith(store.dataDir, secret)).toEqual([]);
  expect(await tablesWith(store, "[redacted: word]")).toEqual(everywhere);
  const counted = await (await fetch(`${collector.url}/metrics`)).text();
  expect(counted).toMatch(/^signalbox_collector_redacted_total\{project="default",rule="word"\} [1-9]/m);
  expect(counted).toMatch(/^signalbox_collector_redacted_total\{project="default",rule="classified"\} [1-9]/m);
});
