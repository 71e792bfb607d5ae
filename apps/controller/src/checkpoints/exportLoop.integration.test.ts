import { createPrivateKey } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fillDecisions } from "@signalbox/db/decisionLog";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, makeCheckpoint, type PrismaClient } from "@signalbox/db/prisma";
import { Checkpoint, newCheckpointKey } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendHeads, postHeads } from "./exportLoop.ts";

let stores: TestStores;
let prisma: PrismaClient;
let folder: string;
const key = createPrivateKey(newCheckpointKey());
const checkpoint = () => makeCheckpoint(prisma, { now: new Date(), newsMax: 40, key });

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  folder = mkdtempSync(join(tmpdir(), "signalbox-heads-"));
  await fillDecisions(stores.databaseUrl, { events: 1_500, signal: new AbortController().signal, progress: () => {} });
  await checkpoint();
  await checkpoint();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const linesOf = (file: string): Checkpoint[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => Checkpoint.parse(JSON.parse(line)));

test("a file has each checkpoint once, in order, even after a crash in the middle of a line", async () => {
  const file = join(folder, "heads.jsonl");
  await appendHeads(prisma, file);
  await appendHeads(prisma, file);
  appendFileSync(file, '{"v":1,"number":3');
  const before = readFileSync(file, "utf8");
  await appendHeads(prisma, file);
  await appendHeads(prisma, file);
  await checkpoint();
  await appendHeads(prisma, file);
  expect(linesOf(file).map(({ number }) => number)).toEqual([1, 2, 3]);
  // Nothing is removed: the file may be append-only.
  expect(readFileSync(file, "utf8").startsWith(`${before}\n{`)).toBe(true);
});

test("a store without the exported checkpoints adds nothing to the file", async () => {
  const file = join(folder, "ahead.jsonl");
  await appendHeads(prisma, file);
  const [first] = linesOf(file);
  appendFileSync(file, `${JSON.stringify({ ...first, number: 99 })}\n`);
  const before = readFileSync(file, "utf8");
  await expect(appendHeads(prisma, file)).rejects.toThrow("does not have checkpoint 99");
  expect(readFileSync(file, "utf8")).toBe(before);
  const other = join(folder, "other.txt");
  writeFileSync(other, "something else\n");
  await expect(appendHeads(prisma, other)).rejects.toThrow("is no checkpoint");
});

test("a webhook gets the checkpoints it refused again, in order, and its address is not logged when it fails", async () => {
  const taken: number[] = [];
  let isAway = true;
  const server = createServer(async (request, response) => {
    const { number } = Checkpoint.parse(await json(request));
    if (isAway && number === 2) response.writeHead(503).end();
    else {
      taken.push(number);
      response.end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  await expect(postHeads(prisma, url)).rejects.toThrow("The webhook did not take checkpoint 2: it answered 503.");
  isAway = false;
  await postHeads(prisma, url);
  await postHeads(prisma, url);
  expect(taken).toEqual([1, 2, 3]);
  server.close();
  await checkpoint();
  const failure = await postHeads(prisma, url).catch(String);
  expect(failure).toContain("it does not answer");
  expect(failure).not.toContain("secret");
});
