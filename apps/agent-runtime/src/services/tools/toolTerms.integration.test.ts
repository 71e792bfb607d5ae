import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, loadDocuments, type PrismaClient } from "@signalbox/db/prisma";
import { newId, type ToolCallRequest } from "@signalbox/model";
import { until } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BANKING } from "../../domains/banking/banking.ts";
import { answer, type DocumentTool, toolDefiner } from "../../domains/documents/documentTool.ts";
import { definitionsOf, openDocumentTools } from "../../domains/documents/documentTools.ts";
import type { Domain } from "../../domains/domain.ts";
import { openToolService } from "./toolService.ts";
import { type ToolTerms, USUAL_SETTINGS } from "./toolSettings.ts";

let stores: TestStores;
let prisma: PrismaClient;

const define = toolDefiner<{ notes: { text: string } }>();
const write = define({
  name: "write",
  description: "Writes a note.",
  arguments: {},
  run(world) {
    world.put("notes", "1", null, { text: "written" });
    return answer("done");
  },
});

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await loadDocuments(prisma, { domain: "notes", world: "empty" }, []);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** A tool service whose domain has these tools, with terms by tool name. */
function openService(tools: readonly DocumentTool[], terms: Record<string, ToolTerms> = {}) {
  const notes: Domain = { ...BANKING, name: "notes", tools: definitionsOf(tools), openTools: openDocumentTools(tools) };
  return openToolService(prisma, { domains: [notes], settings: { ...USUAL_SETTINGS, tools: { notes: terms } } });
}

const aCall = (name: string, changes: Partial<ToolCallRequest> = {}): ToolCallRequest => ({
  scene: { domain: "notes", world: "empty", overlay: newId() },
  idempotencyKey: "1",
  call: { name, arguments: {} },
  agentVersion: "1.0.0",
  ...changes,
});

test("a tool that hangs gets a clear error, and its late result is stored nowhere, not even on a repeated call", async () => {
  const late = Promise.withResolvers<void>();
  let runs = 0;
  const hang = define({
    name: "hang",
    description: "Hangs.",
    arguments: {},
    async run(world) {
      runs += 1;
      await late.promise;
      world.put("notes", "1", null, { text: "too late" });
      return answer("done");
    },
  });
  const service = openService([hang], { hang: { timeoutMs: 300, concurrencyMax: 1 } });
  const request = aCall("hang");
  const told = { output: "Error: hang did not answer within 300 ms and has done nothing.", isError: true, endsEpisode: false };
  expect(await service.call(request)).toEqual({ ...told, replayed: false });
  late.resolve();
  expect(await service.call(request)).toEqual({ ...told, replayed: true });
  expect((await service.state(request.scene)).changed).toEqual({});
  expect(runs).toBe(1);
});

test("terms of an unknown tool are refused, since a permission with a typing error would permit everything", () => {
  const terms = { timeoutMs: 60_000, concurrencyMax: 1, agentVersions: [] };
  expect(() => openService([write], { wirte: terms })).toThrow(expect.objectContaining({ message: expect.stringContaining("wirte") }));
});

test("a tool runs a limited number of calls, and other tools are not affected", async () => {
  const free = Promise.withResolvers<void>();
  let inHand = 0;
  let most = 0;
  const slow = define({
    name: "slow",
    description: "Is slow.",
    arguments: {},
    async run() {
      inHand += 1;
      most = Math.max(most, inHand);
      await free.promise;
      inHand -= 1;
      return answer("done");
    },
  });
  const service = openService([slow, write], { slow: { timeoutMs: 60_000, concurrencyMax: 2 } });
  const calls = Array.from({ length: 6 }, () => service.call(aCall("slow")));
  expect(await service.call(aCall("write"))).toMatchObject({ output: '"done"' });
  await until("both places are taken", async () => inHand === 2);
  free.resolve();
  expect((await Promise.all(calls)).map(({ output }) => output)).toEqual(Array.from({ length: 6 }, () => '"done"'));
  expect(most).toBe(2);
});

test("when too many calls of a tool wait already, one more is told to retry", async () => {
  const free = Promise.withResolvers<void>();
  const slow = define({ name: "slow", description: "Is slow.", arguments: {}, run: () => free.promise.then(() => answer("done")) });
  const service = openService([slow], { slow: { timeoutMs: 60_000, concurrencyMax: 1 } });
  const calls = Array.from({ length: 17 }, () => service.call(aCall("slow")));
  await expect(service.call(aCall("slow"))).rejects.toMatchObject({ code: "overloaded" });
  free.resolve();
  await Promise.all(calls);
});

test("an agent version that may not call a tool is refused for good, and nothing is written", async () => {
  const service = openService([write], { write: { timeoutMs: 60_000, concurrencyMax: 1, agentVersions: ["2.0.0"] } });
  const request = aCall("write");
  expect(await service.call(request)).toMatchObject({
    output: "Error: write is not allowed for version 1.0.0 of the agent.",
    isError: true,
  });
  expect((await service.state(request.scene)).changed).toEqual({});
  expect(await service.call(aCall("write", { agentVersion: "2.0.0" }))).toMatchObject({ isError: false });
});
