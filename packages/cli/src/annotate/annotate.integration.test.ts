import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { claimAnnotationItem, labelAnnotationItem, requireAnnotationQueueNamed } from "@signalbox/db/annotations";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
let folder: string;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  folder = mkdtempSync(join(tmpdir(), "signalbox-annotate-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stores[Symbol.asyncDispose]();
});

async function annotate(args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof runCommandLine>[1];
  const env = { SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl };
  const [said, told, exitCode] = await Promise.all([
    text(stdout),
    text(stderr),
    runCommandLine(["annotate", ...args], streams, env).finally(() => {
      stdout.end();
      stderr.end();
    }),
  ]);
  return { stdout: said, stderr: told, exitCode };
}

async function json(args: string[]) {
  const { stdout, stderr, exitCode } = await annotate([...args, "--json"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

test("a queue is made, filled, and what people said of it is listed and exported", async () => {
  const made = await json([
    "create",
    "tone",
    "--question",
    "How kind was it?",
    "--kind",
    "scale:1-3",
    "--ends",
    "rude,kind",
    "--overlap",
    "2",
  ]);
  expect(made.queue).toMatchObject({ scoreName: "tone", overlap: 2, kind: { type: "scale", from: 1, to: 3, fromMeans: "rude" } });
  const ids = join(folder, "ids.txt");
  writeFileSync(ids, `${traceIdOf("b")}\n${traceIdOf("c")}:0123456789abcdef\n\n`);
  expect(await json(["add", "tone", traceIdOf("a"), "--file", ids])).toMatchObject({ given: 3, added: 3 });
  expect(await json(["add", "tone", traceIdOf("a")])).toMatchObject({ given: 1, added: 0 });

  const prisma = createPrisma(stores.databaseUrl);
  const queue = await requireAnnotationQueueNamed(prisma, "default", "tone");
  for (const [person, values] of [
    ["ann", [1, 2, 3]],
    ["bob", [1, 3, 3]],
  ] as const)
    for (const value of values) {
      const item = await claimAnnotationItem(prisma, queue, { person, except: [], now: new Date() });
      await labelAnnotationItem(prisma, queue, { itemId: item?.id ?? "", person, value, note: "", now: new Date() });
    }
  await prisma.$disconnect();

  const [listed] = (await json(["list"])).queues;
  expect(listed).toMatchObject({
    progress: { items: 3, done: 3, labels: 6, disagreements: 1 },
    agreement: { measure: "kappa", people: 2, items: 3, raw: expect.closeTo(2 / 3, 12) },
  });
  expect((await annotate(["list"])).stdout).toContain("67 % alike");
  const file = join(folder, "labels.jsonl");
  expect(await json(["export", "tone", file])).toMatchObject({ annotations: 6 });
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
    ...{ traceId: traceIdOf("c"), spanId: "0123456789abcdef", person: "bob" },
    ...{ state: "labelled", value: 3, label: "3", isFinal: false },
  });
});

test.each([
  ["an unknown kind", ["create", "x", "--question", "?", "--kind", "stars"], 2, '"stars" is no kind of label'],
  ["a scale that is too long", ["create", "x", "--question", "?", "--kind", "scale:1-20"], 2, "Wrong kind: a scale has 2 to 9 steps"],
  ["an unknown queue", ["add", "tonne", traceIdOf("a")], 2, 'has no annotation queue "tonne"'],
  ["no trace", ["add", "tone"], 2, "No trace is named"],
  ["an id that is none", ["add", "tone", "abc"], 2, "Wrong abc: a trace id is 32 hex digits"],
  ["a queue that is there", ["create", "tone", "--question", "?"], 2, "There is an annotation queue tone already"],
])("%s is told in a sentence", async (_what, args, exitCode, message) => {
  const ended = await annotate(args);
  expect(ended).toMatchObject({ stdout: "", exitCode });
  expect(ended.stderr).toContain(message);
});
