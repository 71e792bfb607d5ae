import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
let folder: string;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  folder = mkdtempSync(join(tmpdir(), "signalbox-dataset-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stores[Symbol.asyncDispose]();
});

/** Runs the verb in this process, without a terminal. */
async function dataset(args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof runCommandLine>[1];
  const env = { SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl };
  const [said, told, exitCode] = await Promise.all([
    text(stdout),
    text(stderr),
    runCommandLine(["dataset", ...args], streams, env).finally(() => {
      stdout.end();
      stderr.end();
    }),
  ]);
  return { stdout: said, stderr: told, exitCode };
}

async function json(args: string[]) {
  const { stdout, stderr, exitCode } = await dataset([...args, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

function aFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a file becomes a dataset, an edited one its next version, and the two are compared", async () => {
  const path = aFile("trips.jsonl", '{"id":"a","input":"one","split":"dev"}\n{"id":"b","input":"two"}\n{"input":"one"}\n');
  expect(await json(["import", path])).toMatchObject({
    ...{ project: "default", dataset: "trips", rows: 3, isNew: true },
    version: { number: 1, items: 2, added: 2, note: "imported from trips" },
    duplicates: { count: 1, told: [{ place: "trips.jsonl, line 3", of: "a" }] },
  });
  expect(await json(["import", path])).toMatchObject({ isNew: false, version: { number: 1 }, unchanged: 2 });
  aFile("trips.jsonl", '{"id":"a","input":"one","split":"test"}\n{"id":"c","input":"three"}\n');
  expect(await json(["import", path, "--note", "splits"])).toMatchObject({ version: { number: 2, items: 3, added: 1, changed: 1 } });

  const { counts, differences } = await json(["diff", "trips@1", "trips"]);
  expect(counts).toEqual({ added: 1, changed: 1, removed: 0 });
  expect(differences.map(({ id, change }: Record<string, string>) => [id, change])).toEqual([
    ["a", "changed"],
    ["c", "added"],
  ]);
  expect((await dataset(["diff", "trips@1", "trips@2"])).stdout).toContain("changed  a  one    split");
  const shown = await json(["show", "trips@1", "--limit", "1"]);
  expect(shown).toMatchObject({
    version: { number: 1 },
    splits: [
      { split: null, items: 1 },
      { split: "dev", items: 1 },
    ],
    items: [{ id: "a" }],
  });
  expect(shown.versions.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
  expect((await json(["show", "trips", "--item", "a"])).item).toMatchObject({ input: "one", split: "test" });
  expect((await json(["list"])).datasets).toMatchObject([{ name: "trips", latest: { number: 2 } }]);
});

test("what is exported is imported as the same version", async () => {
  const path = aFile("round.csv", 'id,input,expectedOutput\n1,one,"{""a"":[1]}"\n2,two,\n');
  const { version } = await json(["import", path]);
  for (const kind of ["jsonl", "csv", "parquet"]) {
    const file = join(folder, `copy.${kind}`);
    expect(await json(["export", "round", file])).toMatchObject({ items: 2, version: { number: 1 } });
    expect(await json(["import", file, "--name", `round ${kind}`])).toMatchObject({ version: { hash: version.hash } });
  }
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.each([
  ["a line that is wrong", () => ["import", aFile("bad.jsonl", '{"input":1}\n{"inputt":2}')], 2, "bad.jsonl, line 2: input is missing"],
  ["no such file", () => ["import", join(folder, "nowhere.csv")], 2, "nowhere.csv does not exist"],
  ["a name with an @", () => ["import", aFile("a.jsonl", '{"input":1}'), "--name", "a@1"], 2, "Wrong name"],
  ["an unknown format", () => ["import", aFile("a.jsonl", '{"input":1}'), "--format", "x"], 2, "Wrong format"],
  ["an unknown dataset", () => ["show", "nobody"], 2, 'has no dataset "nobody"'],
  ["an unknown version", () => ["show", "trips@9"], 2, "Dataset trips has no version 9"],
  ["a reference that is none", () => ["show", "trips@newest"], 2, "names no version"],
  ["two datasets", () => ["diff", "trips", "round"], 2, "are two datasets"],
  ["an export to another kind", () => ["export", "trips", join(folder, "x.xml")], 2, "of no kind that can be written"],
])("%s is told in a sentence, and nothing is written", async (_what, args, exitCode, message) => {
  const ended = await dataset(args());
  expect({ stdout: ended.stdout, exitCode: ended.exitCode }).toEqual({ stdout: "", exitCode });
  expect(ended.stderr).toContain(message);
  expect((await json(["list"])).datasets.map(({ name }: { name: string }) => name)).not.toContain("bad");
});

const data = process.env.SIGNALBOX_TEST_DATA;

test.skipIf(data === undefined)("the real data become datasets: τ-bench by task, intents by file", async () => {
  expect(await json(["import", join(data ?? "", "tau-bench-airline")])).toMatchObject({
    dataset: "tau-bench-airline",
    version: { items: 50 },
  });
  expect(await json(["import", join(data ?? "", "banking77"), "--name", "banking"])).toMatchObject({ rows: 11_543 });
  const { splits } = await json(["show", "banking"]);
  expect(splits.map(({ split }: { split: string }) => split)).toEqual(["dev", "train"]);
});

test("a dataset is deleted when its name is said twice", async () => {
  await json(["import", aFile("gone.jsonl", '{"input":"one"}\n')]);
  const asked = await dataset(["delete", "gone"]);
  expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('dataset delete "gone" --yes "gone"')]);
  expect(await json(["delete", "gone", "--yes", "gone"])).toEqual({ project: "default", dataset: "gone", versions: 1 });
  expect((await dataset(["show", "gone"])).exitCode).toBe(2);
});
