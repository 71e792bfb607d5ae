import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

let stores: TestStores;
const letters = ["slow", "slow", "slow", "odd"].map((fingerprint) => aDeadLetter({ fingerprint }));
const [first, , , odd] = letters.map(({ id }) => id);

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  await using prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  await storeDeadLetters(prisma, letters);
});
afterAll(() => stores?.[Symbol.asyncDispose]());

const dlq = (...args: string[]) => runSignalbox(stores, ["dlq", ...args], { DATABASE_URL: stores.databaseUrl });

async function json(...args: string[]) {
  const { stdout, stderr, exitCode } = await dlq(...args, "--json");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

test("a group is looked at, replayed once it is confirmed, and nobody redrives it a second time", async () => {
  expect(await json("replay", "--group", "slow", "--dry-run")).toMatchObject({ dryRun: true, letters: 3, redrivable: 3 });
  const replay = ["replay", "--group", "slow", "--reason", "the tool is back", "--try-first", "2"];
  const unsure = await dlq(...replay);
  expect([unsure.exitCode, unsure.stderr]).toEqual([2, expect.stringContaining("Confirm with 3")]);
  expect((await dlq(...replay, "--yes", "4")).exitCode).toBe(2);
  const { redrive } = await json(...replay, "--yes", "3");
  expect(redrive).toMatchObject({ state: "running", tryFirst: 2, counts: { pending: 3 } });
  const late = await dlq("replay", String(first), "--reason", "me too");
  expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining('in "replay"')]);

  expect(await json("pause", redrive.id, "--reason", "wait")).toMatchObject({ redrive: { state: "paused" } });
  expect(await json("resume", redrive.id, "--reason", "go")).toMatchObject({ redrive: { state: "running" } });
  expect(await json("cancel", redrive.id, "--reason", "stop")).toMatchObject({ redrive: { state: "cancelled", counts: { released: 3 } } });
  expect((await json("redrives")).redrives).toHaveLength(1);
  expect((await json("redrives", redrive.id)).items).toHaveLength(3);
  const acts = (await json("audit", redrive.id)).entries.map(({ act }: { act: string }) => act);
  expect(acts).toEqual(["redrive_cancelled", "redrive_resumed", "redrive_paused", "redrive_created"]);
});

test("while the queue is paused a redrive and its dry run are refused, with who paused it, why, and how it goes on", async () => {
  const queue = (...args: string[]) => runSignalbox(stores, ["queue", ...args], { DATABASE_URL: stores.databaseUrl });
  await queue("pause", "--project", "default", "--reason", "the airline is down");
  for (const ask of [["--dry-run"], ["--reason", "again"]]) {
    const { exitCode, stderr } = await dlq("replay", String(odd), ...ask);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/is paused, by .*: the airline is down[\s\S]*queue resume --project default/),
    ]);
  }
  expect((await queue("resume", "--project", "default", "--reason", "it is back")).exitCode).toBe(0);
});

test("an edited request is refused with its field, and a letter is discarded for a reason", async () => {
  const file = join(stores.dataDir, "payload.json");
  writeFileSync(file, JSON.stringify({ ...letters[3]?.payload, message: "" }));
  const edited = await dlq("replay", String(odd), "--payload", file, "--reason", "a typing error");
  expect([edited.exitCode, edited.stderr]).toEqual([2, expect.stringContaining("payload.message:")]);
  expect((await dlq("discard", String(odd))).exitCode).toBe(2);
  expect(await json("discard", String(odd), "--reason", "no use")).toMatchObject({ discarded: 1, obstructed: [] });
  expect((await json("replay", "--text", "HAT001", "--dry-run")).redrivable).toBe(3);
});

test("a rule is made, listed, paused, resumed and ended", async () => {
  const rule = [
    "rules",
    "create",
    "tool-away",
    "--error-class",
    "upstream_unavailable",
    "--max",
    "10",
    "--minutes",
    "5",
    "--reason",
    "it passes",
  ];
  await json(...rule);
  expect((await json("rules", "list")).rules).toMatchObject([{ name: "tool-away", lettersMax: 10, lettersInWindow: 0, pausedAt: null }]);
  expect(await json("rules", "pause", "tool-away", "--reason", "an outage")).toMatchObject({ rule: { pausedAt: expect.any(String) } });
  expect((await dlq("rules", "pause", "tool-away", "--reason", "again")).stderr).toContain("is paused already");
  expect((await dlq("rules", "list")).stdout).toMatch(/tool-away +paused/);
  expect(await json("rules", "resume", "tool-away", "--reason", "it is over")).toMatchObject({ rule: { pausedAt: null } });
  await json("rules", "delete", "tool-away", "--reason", "fixed");
  expect((await json("rules", "list")).rules).toEqual([]);
});
