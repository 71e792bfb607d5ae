import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
const slow = aDeadLetter({ fingerprint: "slow", message: "No answer\nwithin 3 s." });
const killer = aDeadLetter({
  fingerprint: "killer",
  cause: "kills_worker",
  message: "The worker ended.",
  lastFailedAt: new Date().toISOString(),
});

beforeAll(async () => {
  stores = await startTestStores();
  const state = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  await storeDeadLetters(state, [slow, killer]);
  await state.$disconnect();
});
afterAll(() => stores[Symbol.asyncDispose]());

/** The output and exit code of a `dlq` command line. */
async function dlq(...args: string[]): Promise<{ said: string; exitCode: number }> {
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const exitCode = await runCommandLine(["dlq", ...args], { stdout: stream, stderr: stream }, { DATABASE_URL: stores.databaseUrl });
  return { said, exitCode };
}
const document = async (...args: string[]) => JSON.parse((await dlq(...args, "--json")).said);

test("groups are listed, and one by its fingerprint with its letters", async () => {
  expect(await document("list")).toMatchObject({
    groups: [{ fingerprint: "killer", openCount: 1 }, { fingerprint: "slow" }],
    lettersCount: 2,
  });
  expect((await document("list", "--cause", "kills_worker")).groups).toHaveLength(1);
  expect(await document("show", "slow")).toMatchObject({ group: { message: slow.message }, letters: [{ id: slow.id }] });
  expect((await dlq("list")).said).toMatch(
    /^fingerprint +open .*\nkiller .*The worker ended\.\nslow .*No answer within 3 s\.\n\n2 groups, 2 letters/,
  );
});

test("letters are listed, and one by its id whole, with a chain that holds", async () => {
  expect(await document("list", "--letters", "--limit", "1")).toMatchObject({ letters: [{ id: killer.id, state: "open" }], isCut: true });
  expect(await document("show", killer.id)).toMatchObject({ letter: killer, taskStatus: "dead", chain: { kind: "whole" } });
  expect((await dlq("show", killer.id)).said).toContain("their chain holds");
});

test("what is not there is said, and a state without letters is no failure", async () => {
  expect(await dlq("show", "nothing")).toMatchObject({ exitCode: 2, said: expect.stringContaining("no group of dead letters nothing") });
  expect(await dlq("list", "--state", "discarded")).toEqual({ exitCode: 0, said: "Project default has no such dead letters.\n" });
});
