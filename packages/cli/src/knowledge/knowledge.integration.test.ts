import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { openQdrantStandIn, STAND_IN_KEY } from "@signalbox/knowledge/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

let stores: TestStores;
let folder: string;

beforeAll(async () => {
  stores = await startTestStores();
  folder = mkdtempSync(join(tmpdir(), "signalbox-knowledge-"));
  mkdirSync(join(folder, "cards"));
  write("cards/lost.md", "# Lost cards\n\nA lost card is blocked in the app.");
  write(
    "faq.jsonl",
    '{"id":"refund","title":"Refunds","text":"A refund arrives within five working days."}\n{"id":"loan","text":"Loans are paid back monthly."}',
  );
  write("notes.txt", "not for agents");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stores[Symbol.asyncDispose]();
});

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const knowledge = (args: string[], env: Record<string, string> = {}) =>
  runSignalbox(stores, ["knowledge", ...args], { DATABASE_URL: stores.databaseUrl, ...env });

async function json(args: string[], env?: Record<string, string>) {
  const { stdout, stderr, exitCode } = await knowledge([...args, "--json"], env);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

async function aProject(name: string): Promise<string> {
  await runSignalbox(stores, ["project", "create", name], { DATABASE_URL: stores.databaseUrl });
  return name;
}

test("a folder is loaded, searched, loaded again without a change, and pruned", async () => {
  const project = ["--project", await aProject("handbook")];
  expect(await json(["load", folder, ...project])).toEqual({
    project: "handbook",
    added: 3,
    changed: 0,
    unchanged: 0,
    removed: 0,
    chunks: 3,
  });
  expect(await json(["load", folder, ...project])).toMatchObject({ added: 0, changed: 0, unchanged: 3, chunks: 0 });

  const { passages, shortfall } = await json(["search", "my card is lost", ...project]);
  expect(passages[0]).toMatchObject({
    document: "cards/lost.md",
    title: "Lost cards",
    text: expect.stringContaining("blocked in the app"),
  });
  expect(shortfall).toBeNull();

  write("faq.jsonl", '{"id":"refund","title":"Refunds","text":"A refund arrives at once."}');
  expect(await json(["load", folder, "--prune", ...project])).toMatchObject({ added: 0, changed: 1, unchanged: 1, removed: 1 });
  expect((await json(["list", ...project])).documents.map(({ id }: { id: string }) => id)).toEqual(["cards/lost.md", "refund"]);
  expect(await json(["remove", "refund", ...project])).toEqual({ project: "handbook", removed: "refund" });
  expect((await knowledge(["search", "refund", ...project])).stdout).not.toContain("arrives");
});

test("a vector store elsewhere is filled, searched and rebuilt, and a project that is deleted leaves nothing there", async () => {
  await using qdrant = await openQdrantStandIn();
  const env = { SIGNALBOX_VECTOR_STORE: "qdrant", SIGNALBOX_VECTOR_STORE_URL: qdrant.url, SIGNALBOX_VECTOR_STORE_KEY: STAND_IN_KEY };
  const project = ["--project", await aProject("elsewhere")];
  const quiet = async (args: string[]) => JSON.parse((await knowledge([...args, ...project, "--json"], env)).stdout);
  await quiet(["load", join(folder, "cards")]);
  expect((await quiet(["search", "blocked cards"])).passages).toHaveLength(1);
  expect(await quiet(["rebuild"])).toEqual({ project: "elsewhere", embedder: "hashed-1024", chunks: 1 });
  expect((await quiet(["search", "blocked cards"])).shortfall).toBeNull();
  expect(await quiet(["snapshot"])).toMatchObject({ store: "qdrant", snapshot: expect.stringContaining("Signalbox_elsewhere") });
  expect(qdrant.asked.filter(({ path, method }) => method === "PUT" && path === "/collections/Signalbox_elsewhere/points")).toHaveLength(2);

  const deleted = await runSignalbox(stores, ["project", "delete", "elsewhere", "--yes", "elsewhere"], {
    ...{ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl, ...env },
  });
  expect(deleted.exitCode).toBe(0);
  expect(deleted.stdout).toContain("knowledge_chunk");
  expect(qdrant.asked.at(-1)).toMatchObject({ method: "DELETE", path: "/collections/Signalbox_elsewhere" });
});

test.each([
  ["no such project", () => ["load", folder, "--project", "nowhere"], 2, "nowhere"],
  ["no such path", () => ["load", join(folder, "nowhere")], 2, "cannot be read (ENOENT)"],
  ["no such document", () => ["remove", "nobody"], 2, "has no document nobody"],
  ["a store without snapshots", () => ["snapshot"], 2, "the rows have every vector"],
  ["nothing to rebuild", () => ["rebuild"], 2, "has no documents"],
])("%s is told in a sentence", async (_what, args, exitCode, message) => {
  const ended = await knowledge(args());
  expect({ stdout: ended.stdout, exitCode: ended.exitCode }).toEqual({ stdout: "", exitCode });
  expect(ended.stderr).toContain(message);
});
