import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, loadWorld, type PrismaClient } from "@signalbox/db/prisma";
import { type RecordedConversation, recordedConversation, renameStateToProvince } from "@signalbox/evals";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openToolService } from "../../../services/tools/toolService.ts";
import { readRecordedConversations } from "../../../testing/recordedConversations.ts";
import { airlineWith } from "../airline.ts";
import type { Tool } from "../tools/tool.ts";
import { airlineTools } from "../tools/tools.ts";
import * as mutants from "./mutants.ts";
import { replayRecordings } from "./replayRecordings.ts";

const testData = process.env.SIGNALBOX_TEST_DATA;

describe.skipIf(testData === undefined)("100 recorded conversations of an airline's agent, replayed on PostgreSQL", () => {
  const AS_RECORDED = "as recorded";
  const AS_IN_THE_FILE = "as in the file";
  let stores: TestStores;
  let prisma: PrismaClient;
  let conversations: readonly RecordedConversation[];

  beforeAll(async () => {
    const { data, trajectories } = await readRecordedConversations(testData ?? "");
    conversations = trajectories.map(recordedConversation);
    stores = await startTestStores({ only: "postgres" });
    prisma = createPrisma(stores.databaseUrl);
    await loadWorld(prisma, AS_RECORDED, renameStateToProvince(data));
    await loadWorld(prisma, AS_IN_THE_FILE, data);
  });

  afterAll(async () => {
    await prisma?.$disconnect();
    await stores?.[Symbol.asyncDispose]();
  });

  async function figures(tools: readonly Tool[], world = AS_RECORDED, run = expect.getState().currentTestName ?? "") {
    const { toolOutputs, rewards, dataHashes, differing } = await replayRecordings(
      openToolService(prisma, { domains: [airlineWith(tools)] }),
      world,
      conversations,
      run,
    );
    expect([toolOutputs.total, rewards.total, dataHashes.total]).toEqual([572, 100, 91]);
    return { outputs: toolOutputs.matched, rewards: rewards.agreed, hashes: dataHashes.agreed, differing };
  }

  test("every output, reward and data hash is as recorded, and again when every call is repeated", async () => {
    const all = { outputs: 572, rewards: 100, hashes: 91, differing: {} };
    expect(await figures(airlineTools, AS_RECORDED, "twice")).toEqual(all);
    expect(await figures(airlineTools, AS_RECORDED, "twice")).toEqual(all);
  });

  test("with the addresses as they are in the file the users' details differ, and nothing else", async () => {
    const some = { outputs: 513, rewards: 100, hashes: 0, differing: { get_user_details: 59 } };
    expect(await figures(airlineTools, AS_IN_THE_FILE)).toEqual(some);
  });

  test("the hashes of both data sets are the known ones", async () => {
    const hashOf = async (world: string) =>
      (await openToolService(prisma).state({ domain: "airline", world, overlay: "untouched" })).dataHash;
    expect(await hashOf(AS_IN_THE_FILE)).toBe("4587e6b48ad2b2c4f3e1fecb40aabec7bb2286513273b8f8cec3f5865222f290");
    expect(await hashOf(AS_RECORDED)).toBe("4a02dcbc0e3ace4d398988d60a33e73afad4d201deb426303159f086cadad20f");
  });

  test.each([
    ["bookings reduce seats", mutants.bookingReducesSeats, 81],
    ["cancelling restores gift cards", mutants.cancellingRestoresGiftCards, 85],
    ["certificates keep their remainder", mutants.certificateKeepsItsRemainder, 87],
  ])("that %s is found by the hashes alone", async (_fault, tools, hashes) => {
    expect(await figures(tools)).toEqual({ outputs: 572, rewards: 100, hashes, differing: {} });
  });

  test.each([
    ["a flight change stores the cabin", mutants.flightChangeStoresTheCabin, { outputs: 541, rewards: 100, hashes: 76 }],
    ["a payment of nothing is listed", mutants.zeroPaymentIsListed, { outputs: 568, rewards: 100, hashes: 83 }],
    ["nothing is written", mutants.nothingIsWritten, { outputs: 451, rewards: 51, hashes: 38 }],
  ])("that %s is found", async (_fault, tools, found) => {
    expect(await figures(tools)).toMatchObject(found);
  });
});
