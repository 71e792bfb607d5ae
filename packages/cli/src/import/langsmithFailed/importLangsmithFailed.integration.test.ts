import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, type PrismaClient, pauseQueue, resumeQueue } from "@signalbox/db/prisma";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../../program.ts";
import { readFailedBatch } from "./failedBatch.ts";

let stores: TestStores;
let prisma: PrismaClient;
let server: Server;
let folder: string;
let endpoint: string;
let isFull = false;
let readsAll = false;
/** The requests that a collector would have received, with their headers. */
const taken: { url: string | undefined; type: string | undefined; vendorKey: string | undefined; key: string | undefined; body: string }[] =
  [];

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  folder = await mkdtemp(join(tmpdir(), "signalbox-failed-"));
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { authorization, "x-api-key": vendorKey, "content-type": type } = request.headers;
    if (isFull) return response.writeHead(503).end('{"message":"the journal is full"}');
    if (body === "too much") return response.writeHead(413).end('{"message":"more than 64 MiB"}');
    if (body === "no form" && !readsAll) return response.writeHead(400).end('{"message":"the body has no parts"}');
    taken.push({ url: request.url, type, vendorKey: [vendorKey].flat()[0], key: authorization, body });
    response.writeHead(202).end(body === "a half" ? '{"message":"1 rejected: the part is no JSON"}' : "{}");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const envelope = (body: string, given: object = {}): string =>
  JSON.stringify({
    ...{ version: 1, endpoint: "runs/multipart", body_base64: Buffer.from(body).toString("base64") },
    headers: { "Content-Type": "multipart/form-data; boundary=b", "x-api-key": "lsv2_secret" },
    ...given,
  });

async function run(...paths: string[]): Promise<{ said: string; exitCode: number }> {
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const args = ["import", "langsmith-failed", ...paths, "--endpoint", endpoint, "--json"];
  const exitCode = await runCommandLine(args, { stdout: stream, stderr: stream }, { DATABASE_URL: stores.databaseUrl });
  return { said, exitCode };
}

const letters = () => prisma.deadLetter.findMany({ where: { kind: "ingest" }, orderBy: { message: "asc" } });

test("what is sound is sent without its old key, what is not has a letter once, and a file that is taken at last closes its letter", async () => {
  await writeFile(join(folder, "trace_1.json"), envelope("sound"));
  await writeFile(join(folder, "trace_2.json"), envelope("a half"));
  await writeFile(join(folder, "trace_3.json"), envelope("no form"));
  await writeFile(join(folder, "trace_4.json"), envelope("cut").slice(0, 40));
  await writeFile(join(folder, "notes.txt"), "no batch");
  const first = await run(folder, join(folder, "notes.txt"));
  expect(first.exitCode).toBe(1);
  expect(JSON.parse(first.said).files.map(({ outcome, rejectedParts }: Record<string, unknown>) => [outcome, rejectedParts])).toEqual([
    ["sent", 0],
    ["sent", 1],
    ["letter", undefined],
    ["letter", undefined],
    ["foreign", undefined],
  ]);
  expect(taken).toMatchObject([
    { url: "/runs/multipart", type: "multipart/form-data; boundary=b", vendorKey: undefined },
    { body: "a half" },
  ]);
  expect(taken[0]?.key).toMatch(/^Bearer sbx_/);
  expect((await letters()).map(({ cause, message }) => [cause, message])).toEqual([
    ["unreadable_batch", "nothing can be read of a failed batch: it is no JSON: the file was not written whole, or changed since"],
    ["unreadable_batch", "nothing can be read of a failed batch: the body has no parts"],
  ]);

  await run(folder);
  expect(await letters()).toHaveLength(2);
  isFull = true;
  const late = await run(join(folder, "trace_1.json"));
  expect([late.exitCode, late.said]).toEqual([4, expect.stringContaining("the journal is full")]);
  isFull = false;
  readsAll = true;
  await run(join(folder, "trace_3.json"));
  const [cut, refused] = await letters();
  expect([cut?.redrivenAt, refused?.redrivenAt]).toEqual([null, expect.any(Date)]);
  expect(await prisma.auditRow.findFirst({ where: { subject: refused?.id ?? "" } })).toMatchObject({ act: "letters_imported" });
  expect(await prisma.apiKeyRow.count({ where: { revokedAt: null, name: { startsWith: "import" } } })).toBe(0);
});

test("a batch that is too large is said to be that, once for many imports; when its letter was discarded, the next import makes another", async () => {
  const path = join(folder, "large.json");
  await writeFile(path, envelope("too much"));
  await Promise.all([run(path), run(path), run(path)]);
  const find = () =>
    prisma.deadLetter.findMany({ where: { message: "a failed batch is larger than the collector takes: more than 64 MiB" } });
  const [letter, ...others] = await find();
  expect([letter?.cause, others]).toEqual(["unreadable_batch", []]);
  await prisma.deadLetter.update({
    where: { id: letter?.id ?? "" },
    data: { discardedAt: new Date(), discardedBy: "ann", discardReason: "known" },
  });
  await run(path);
  expect(await find()).toHaveLength(2);
});

test("a paused queue holds tasks, and not telemetry: batches are imported meanwhile", async () => {
  const path = join(folder, "trace_paused.json");
  await writeFile(path, envelope("paused"));
  const act = { project: null, actor: "ann", reason: "the airline is down", now: new Date() };
  await pauseQueue(prisma, act);
  const { said, exitCode } = await run(path);
  await resumeQueue(prisma, act);
  expect([exitCode, JSON.parse(said).files]).toEqual([0, [{ path, outcome: "sent", rejectedParts: 0 }]]);
});

test("a pipe that is named like a batch is waited for by nobody", async () => {
  const path = join(folder, "trace_pipe.json");
  execFileSync("mkfifo", [path]);
  const { said } = await run(path);
  expect(JSON.parse(said).files).toEqual([{ path, outcome: "foreign", reason: "it is no regular file" }]);
});

test("a path that is not there is a mistake", async () => {
  const { said, exitCode } = await run(join(folder, "nowhere"));
  expect([exitCode, said]).toEqual([2, expect.stringContaining("nowhere cannot be read")]);
});

test.each([
  ["another version", { version: 2 }, "version: it is of a version that is not known"],
  ["another route", { endpoint: "https://elsewhere/api/v1/feedback" }, "endpoint: it is for no route that takes runs"],
  ["a body that is no base64", { body_base64: "%%%" }, "body_base64: it is no base64: the file was not written whole, or changed since"],
])("%s is named", (_name, given, reason) => {
  expect(readFailedBatch(Buffer.from(envelope("x", given)))).toEqual({ kind: "unreadable", reason });
});
