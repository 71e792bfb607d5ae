import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import {
  changeRouting,
  createPrisma,
  createProject,
  type PrismaClient,
  readRolloutRecord,
  recordLook,
  registerAgentVersion,
  startRollout,
} from "@signalbox/db/prisma";
import { latestVerdict, nextMove } from "@signalbox/evals";
import type { Rollout } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../../program.ts";

let stores: TestStores;
let prisma: PrismaClient;
const folder = mkdtempSync(join(tmpdir(), "signalbox-kept-"));
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "p", organisation: "acme", environments: ["production"] }, new Date());
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(file("key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(file("pub"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(file("gate.yaml"), POLICY);
  writeFileSync(file("old.jsonl"), runText(0));
  writeFileSync(file("new.jsonl"), runText(9));
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const POLICY = `apiVersion: gates/v1
kind: GatePolicy
metadata: { name: near-enough }
spec:
  offline:
    dataset: d@1
    metrics:
      - { name: near, kind: binary, nonInferiorityMargin: 0.03 }
`;

/** Results of 60 items, the first of which fail; the judge could not score the last ones. */
function runText(failing: number, unjudged = 0): string {
  const lines = Array.from({ length: 60 }, (_, index) => ({
    item: `i${index}`,
    scores: [
      index < 60 - unjudged
        ? { name: "near", value: index < failing ? 0 : 1, judge: { id: "one" } }
        : { name: "near", value: 0, judge: { id: "one" }, isFailure: true },
      { name: "other", value: 0.3 },
    ],
  }));
  const head = { dataset: "d@1", datasetHash: "a", agent: "agent@1.0.0+0123abcd" };
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

async function gate(...args: string[]) {
  const parts: string[] = [];
  const told: string[] = [];
  const gathering = (into: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        into.push(String(chunk));
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const streams = { stdout: gathering(parts), stderr: gathering(told) };
  const env = { DATABASE_URL: stores.databaseUrl, GITHUB_SHA: "c".repeat(40), SIGNALBOX_DATA_DIR: folder };
  const exitCode = await runCommandLine(["gate", ...args], streams, env);
  return { exitCode, text: parts.join(""), told: told.join("") };
}

const RUNS = () => ["--policy", file("gate.yaml"), "--candidate", file("new.jsonl"), "--baseline", file("old.jsonl"), "--project", "p"];

/** Checks the candidate, and returns the id of its stored verdict. */
async function kept(): Promise<string> {
  const { exitCode, text } = await gate("check", ...RUNS(), "--store", "--json");
  expect(exitCode).toBe(1);
  return JSON.parse(text).kept;
}

test("a verdict on files is kept when somebody asks for it, with its commit and dataset", async () => {
  expect(JSON.parse((await gate("check", ...RUNS(), "--json")).text).kept).toBeNull();
  const id = await kept();
  const { verdicts } = JSON.parse((await gate("list", "--project", "p", "--json")).text);
  expect(verdicts).toEqual([
    expect.objectContaining({
      ...{ id, gate: "near-enough", verdict: "fail", candidateVersion: "1.0.0+0123abcd", commit: "c".repeat(40) },
      ...{ dataset: "d@1", datasetHash: "a" },
    }),
  ]);
});

test("the commit that somebody says is the candidate's, and one that is none is refused", async () => {
  const said = ["--store", "--json", "--commit"];
  const { text } = await gate("check", ...RUNS(), ...said, "d".repeat(40));
  const { kept } = JSON.parse(text);
  const { verdicts } = JSON.parse((await gate("list", "--project", "p", "--json")).text);
  expect(verdicts.find(({ id }: { id: string }) => id === kept)).toMatchObject({ commit: "d".repeat(40), isCandidatesCommit: true });
  expect((await gate("check", ...RUNS(), ...said, "main")).exitCode).toBe(2);
});

test("a kept verdict is explained, and one that somebody changed is found", async () => {
  const id = await kept();
  const explained = await gate("explain", id);
  expect([explained.exitCode, explained.text]).toEqual([0, expect.stringContaining("byte for byte what")]);
  expect(explained.text).toContain("near (judge:one): uncalibrated: nobody has compared this judge with people");
  await prisma.$executeRaw`ALTER TABLE gate_verdict DISABLE TRIGGER USER`;
  await prisma.$executeRaw`UPDATE gate_verdict SET verdict = replace(verdict::text, '"fail"', '"pass"')::json WHERE id = ${id}::uuid`;
  const changed = await gate("explain", id, "--json");
  expect([changed.exitCode, JSON.parse(changed.text)]).toEqual([
    1,
    expect.objectContaining({ agrees: false, differsAt: "metrics.0.verdict", verdict: "fail" }),
  ]);
  expect(await gate("bundle", id, "--out", file("none.json"), "--key", file("key"))).toMatchObject({
    exitCode: 2,
    told: expect.stringContaining("is not signed"),
  });
  // What was kept before versions of the reckoning were, nobody can say here whether somebody changed.
  await prisma.$executeRaw`UPDATE gate_verdict SET evidence = (evidence::jsonb - 'reckoning')::json WHERE id = ${id}::uuid`;
  const older = await gate("explain", id, "--json");
  expect([older.exitCode, JSON.parse(older.text)]).toEqual([3, expect.objectContaining({ agrees: null, reckonedBy: 1, reckoning: 2 })]);
  expect((await gate("explain", id)).text).toContain("cannot be recomputed here");
  expect(await gate("bundle", id, "--out", file("none.json"), "--key", file("key"))).toMatchObject({
    exitCode: 2,
    told: expect.stringContaining("cannot be recomputed here"),
  });
});

test("a try that no judge could score is kept as that: its verdict is explained, and signed", async () => {
  writeFileSync(file("unjudged.jsonl"), runText(0, 9));
  const { exitCode, text } = await gate("check", ...RUNS().with(3, file("unjudged.jsonl")), "--store", "--json");
  const { kept, verdict } = JSON.parse(text);
  expect([exitCode, verdict]).toEqual([3, "inconclusive"]);
  const explained = await gate("explain", kept);
  expect([explained.exitCode, explained.text]).toEqual([0, expect.stringContaining("byte for byte what")]);
  expect(await gate("bundle", kept, "--out", file("unjudged.json"), "--key", file("key"))).toMatchObject({ exitCode: 0 });
  const checked = await gate("verify", file("unjudged.json"), "--public-key", file("pub"), "--json");
  expect([checked.exitCode, JSON.parse(checked.text)]).toEqual([0, expect.objectContaining({ whole: true, verdict: "inconclusive" })]);
});

test.each([
  ["vary", (index: number) => index % 2 === 0, /near \(judge:one\): compared with people by the labels given: kappa 1\.00 .*, 120 labels/],
  [
    "never vary, so that agreement beyond chance cannot be seen",
    () => true,
    /by the labels given: kappa 0\.00 \[0\.00, 1\.00\], 120 labels/,
  ],
])("a verdict by a file of labels that %s is kept, and explained by those labels", async (_, said, words) => {
  const labels = Array.from({ length: 120 }, (_, index) => ({ metric: "near", judge: said(index), person: said(index) }));
  writeFileSync(file("labels.jsonl"), labels.map((label) => `${JSON.stringify(label)}\n`).join(""));
  writeFileSync(file("judged.yaml"), POLICY.replace("nonInferiorityMargin: 0.03", "nonInferiorityMargin: 0.03, judge: {}"));
  const runs = RUNS().with(1, file("judged.yaml"));
  const { text, told } = await gate("check", ...runs, "--labels", file("labels.jsonl"), "--store", "--json");
  expect(told).toBe("");
  const explained = await gate("explain", JSON.parse(text).kept);
  expect([explained.exitCode, explained.text]).toEqual([0, expect.stringContaining("byte for byte what")]);
  expect(explained.text).toMatch(words);
});

test("a bundle is checked without a store, and any edit of it is found", async () => {
  const id = await kept();
  expect(await gate("bundle", id, "--out", file("release.json"), "--key", file("key"))).toMatchObject({ exitCode: 0 });
  const check = async (name: string) => gate("verify", file(name), "--public-key", file("pub"), "--json");
  const whole = await check("release.json");
  expect([whole.exitCode, JSON.parse(whole.text)]).toEqual([
    0,
    expect.objectContaining({ whole: true, findings: [], verdict: "fail", commit: "c".repeat(40), gate: "near-enough" }),
  ]);
  const text = readFileSync(file("release.json"), "utf8");
  writeFileSync(
    file("edited.json"),
    text.replace(/"sig":"./, (sig) => `${sig.slice(0, -1)}${sig.endsWith("A") ? "B" : "A"}`),
  );
  const edited = await check("edited.json");
  expect([edited.exitCode, JSON.parse(edited.text).findings[0].where]).toEqual([1, "signature"]);
  writeFileSync(file("other.json"), "{}");
  expect((await check("other.json")).exitCode).toBe(2);
});

/** A rollout that was looked at once, with one block. */
async function aRollout(): Promise<Rollout> {
  const now = new Date("2026-11-27T12:00:00.000Z");
  const [stable, candidate] = [aVersion("1.0.0"), aVersion("1.1.0")];
  for (const version of [stable, candidate]) await registerAgentVersion(prisma, version, { now, isServed: true });
  await changeRouting(prisma, "p", { stable: stable.name }, { actor: "ann", now });
  const { id } = await startRollout(prisma, { project: "p", policy: aGatePolicy(), candidate: candidate.name }, { actor: "ann", now });
  const record = await readRolloutRecord(prisma, id);
  const units = { candidate: 2, stable: 6 };
  const block = { step: 0, share: 0.25, units, means: {}, counts: {} };
  const at = "2026-11-27T12:01:00.000Z";
  const verdict = latestVerdict(record.rollout, [block], Date.parse(at));
  const found = { at, blocks: [block], verdict, move: nextMove(record.rollout, verdict, null), waiting: 0, crossed: 0, ignored: 0 };
  const looked = await recordLook(prisma, record, found, now);
  if (looked === null) throw new TypeError("nobody else looked");
  return looked;
}

test("a rollout is explained from its blocks and bundled, and a block that somebody changed is found", async () => {
  const { id, candidate } = await aRollout();
  const explained = await gate("explain", id, "--json");
  expect([explained.exitCode, JSON.parse(explained.text)]).toEqual([
    0,
    expect.objectContaining({
      kind: "live",
      agrees: true,
      fault: null,
      looks: 1,
      blocks: 1,
      latest: expect.objectContaining({ blocks: 1 }),
    }),
  ]);
  expect((await gate("explain", id)).text).toContain("each of the log's 2 entries is the same, byte for byte");
  expect(await gate("bundle", id, "--out", file("rollout.json"), "--key", file("key"))).toMatchObject({ exitCode: 0 });
  const whole = await gate("verify", file("rollout.json"), "--public-key", file("pub"), "--json");
  expect([whole.exitCode, JSON.parse(whole.text)]).toEqual([
    0,
    expect.objectContaining({ whole: true, phase: "running", subject: { name: candidate, digest: { sha256: aVersion("1.1.0").hash } } }),
  ]);
  await prisma.$executeRaw`ALTER TABLE rollout_block DISABLE TRIGGER USER`;
  await prisma.$executeRaw`UPDATE rollout_block SET block = replace(block::text, '"stable":6', '"stable":5')::json WHERE rollout_id = ${id}::uuid`;
  const changed = await gate("explain", id, "--json");
  expect([changed.exitCode, JSON.parse(changed.text).fault]).toEqual([
    1,
    expect.stringMatching(/^Entry 1 \(looked, .*is not what follows/),
  ]);
});

test("what is no id, and an id of nothing, are told apart", async () => {
  expect(await gate("explain", "the-last-one")).toMatchObject({ exitCode: 2, told: expect.stringContaining("gate list") });
  expect(await gate("explain", "0192f0c1-2345-7abc-8def-0123456789ab")).toMatchObject({ exitCode: 2 });
});
