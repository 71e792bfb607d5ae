import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClickHouse, insertScores } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { newId, type Score, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
let folder: string;

const aScore = (trace: string, given: Partial<Score> = {}): Score => ({
  ...{ project: "default", traceId: traceIdOf(trace), spanId: null, name: "liked", value: 1, label: "up", explanation: "" },
  ...{ scorer: "person:ann", time: "2026-11-26T12:00:00.000Z", ...given },
});
const FEEDBACK = { id: newId(), runId: newId() };

beforeAll(async () => {
  stores = await startTestStores();
  folder = mkdtempSync(join(tmpdir(), "signalbox-scores-"));
  await using clickhouse = createClickHouse(stores.clickhouseUrl);
  const scores = [
    aScore("one", { explanation: "=kind, and quick" }),
    aScore("two", { value: 0, label: "down", feedback: FEEDBACK }),
    aScore("three", { name: "reward", time: "2026-11-20T12:00:00.000Z" }),
  ];
  await insertScores(clickhouse, scores, newId());
});
afterAll(async () => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  await stores?.[Symbol.asyncDispose]();
});

/** Exports to a file of the name; returns what is in it, or what was said about it. */
async function exported(name: string, ...flags: string[]): Promise<{ exitCode: number; said: string; file: string }> {
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const env = { SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl };
  const path = join(folder, name);
  const exitCode = await runCommandLine(["score", "export", path, ...flags], { stdout: stream, stderr: stream }, env);
  return { exitCode, said, file: exitCode === 0 ? readFileSync(path, "utf8") : "" };
}

test("a project's scores are written as JSON Lines and CSV, those of a name and a time alone where asked", async () => {
  const lines = await exported("all.jsonl", "--json");
  expect(JSON.parse(lines.said)).toMatchObject({ project: "default", scores: 3 });
  const rows = lines.file.trimEnd().split("\n");
  expect(rows.map((line) => JSON.parse(line)).find(({ feedback }) => feedback)).toEqual(
    aScore("two", { value: 0, label: "down", feedback: FEEDBACK }),
  );
  const { file, said } = await exported("liked.csv", "--name", "liked", "--since", "2026-11-25T00:00:00Z");
  expect(said).toContain("2 scores of default are in ");
  const [head, ...cells] = file.trimEnd().split("\r\n");
  expect(head).toBe("traceId,spanId,name,value,label,explanation,scorer,time,feedbackId,runId");
  expect(cells.toSorted()).toEqual(
    [
      `${traceIdOf("one")},,liked,1,up,"'=kind, and quick",person:ann,2026-11-26T12:00:00.000Z,,`,
      `${traceIdOf("two")},,liked,0,down,,person:ann,2026-11-26T12:00:00.000Z,${FEEDBACK.id},${FEEDBACK.runId}`,
    ].toSorted(),
  );
});

test.each([
  ["a project that there is not", ["all.csv", "--project", "nowhere"], "nowhere"],
  ["a kind of file that cannot be written", ["all.xlsx"], "Kinds are jsonl, csv, parquet."],
  ["a time that is none", ["all.csv", "--since", "lately"], "is no time"],
])("%s is refused", async (_, [name = "", ...flags], sentence) => {
  expect(await exported(name, ...flags)).toMatchObject({ exitCode: 2, said: expect.stringContaining(sentence) });
});
