import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { readIntentRows } from "@signalbox/evals";
import { newId, type ToolService } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openToolService } from "../../services/tools/toolService.ts";
import { BANKING } from "./banking.ts";
import { DEMO_WORLD } from "./world/demoWorld.ts";

let stores: TestStores;
let prisma: PrismaClient;
let service: ToolService;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await BANKING.openDemo().load(prisma);
  service = openToolService(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const newScene = () => ({ domain: "banking", world: DEMO_WORLD, overlay: newId() });
const ORDER = { name: "order_card", arguments: { account_id: "A-10001", kind: "virtual" } };

test("an effect happens once per key, in its scene alone", async () => {
  const [scene, other] = [newScene(), newScene()];
  const answers = await Promise.all([1, 2, 3].map(() => service.call({ scene, idempotencyKey: "1", call: ORDER })));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ output }) => output)).size).toBe(1);
  expect(Object.keys((await service.state(scene)).changed)).toEqual([expect.stringMatching(/^cards\/K-10001-/)]);
  expect((await service.state(other)).changed).toEqual({});
});

test("equal states have equal hashes, however they came about, and different states have different ones", async () => {
  const [first, second, untouched] = [newScene(), newScene(), newScene()];
  await service.call({ scene: first, idempotencyKey: "1", call: ORDER });
  await service.call({ scene: second, idempotencyKey: "1", call: { name: "get_article", arguments: { topic: "age_limit" } } });
  await service.call({ scene: second, idempotencyKey: "2", call: ORDER });
  expect(await service.state(first)).toEqual(await service.state(second));
  expect((await service.state(first)).dataHash).not.toBe((await service.state(untouched)).dataHash);
});

test("the tools are described with the JSON Schema of their arguments", async () => {
  const tools = await service.list({ domain: "banking" });
  expect(tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name).sort());
  expect(tools).toContainEqual({
    name: "freeze_card",
    description: expect.any(String),
    endsEpisode: false,
    parameters: {
      type: "object",
      properties: {
        card_id: { type: "string", minLength: 1, description: expect.any(String) },
        reason: { type: "string", enum: expect.any(Array) },
      },
      required: ["card_id", "reason"],
      additionalProperties: false,
    },
  });
});

const testData = process.env.SIGNALBOX_TEST_DATA;
test.skipIf(testData === undefined)("every intent of BANKING77 has a plan", async () => {
  const path = join(testData ?? "", "banking77", "dev.csv");
  const rows = readIntentRows(path, await readFile(path, "utf8"));
  const intents = new Set(rows.flatMap(({ intent }) => intent ?? []));
  expect(intents.size).toBe(77);
  expect([...intents].filter((intent) => !Object.hasOwn(BANKING.plans, intent))).toEqual([]);
});
