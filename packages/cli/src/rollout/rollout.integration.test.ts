import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { changeRouting, createPrisma, createProject, registerAgentVersion, setScoreRule } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, ScoreRuleDraft } from "@signalbox/model";
import { aGatePolicy, aVersion } from "@signalbox/model/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

const [STABLE, CANDIDATE] = [aVersion("1.0.0"), aVersion("1.1.0")];

let stores: TestStores;
let folder: string;
let policy: string;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  folder = mkdtempSync(join(tmpdir(), "signalbox-rollout-"));
  policy = join(folder, "gate.yaml");
  writeFileSync(policy, JSON.stringify(aGatePolicy()));
  const prisma = createPrisma(stores.databaseUrl);
  const now = new Date();
  for (const version of [STABLE, CANDIDATE]) await registerAgentVersion(prisma, version, { now, isServed: true });
  for (const name of ["shop", "empty"]) await createProject(prisma, { name, organisation: "o", environments: ["production"] }, now);
  for (const project of [DEFAULT_PROJECT, "shop"]) await changeRouting(prisma, project, { stable: STABLE.name }, { actor: "ada", now });
  await prisma.$disconnect();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stores[Symbol.asyncDispose]();
});

/** Runs a verb in this process, without a terminal. */
async function run(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof runCommandLine>[1];
  const env = { SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl };
  const [said, told, exitCode] = await Promise.all([
    text(stdout),
    text(stderr),
    runCommandLine(args, streams, env).finally(() => {
      stdout.end();
      stderr.end();
    }),
  ]);
  return { stdout: said, stderr: told, exitCode };
}

const start = (...args: string[]) => run("rollout", "start", "--policy", policy, "--candidate", CANDIDATE.name, ...args);

test("a rollout is begun, shown, steered and ended; the exit code says how it stands", async () => {
  const begun = await start("--json");
  expect(begun).toMatchObject({ stderr: "", exitCode: 0 });
  const { rollout } = JSON.parse(begun.stdout);
  const status = await run("rollout", "status");
  expect(status.exitCode).toBe(3);
  expect(status.stdout).toContain(`Rollout ${rollout.id} of project default: ${STABLE.name} to ${CANDIDATE.name} under shop-agent.`);
  // The last entry of its log was its beginning.
  expect(status.stdout).toMatch(/^It is running, step 1 of 2 \(25 %\), which began .* UTC\.$/m);
  expect(status.stdout).toMatch(/^> +1 +25 % +20 +2h$/m);
  expect(status.stdout).toContain("The candidate should have 25 % of the units; none came lately.");
  expect((await run("rollout", "list")).stdout).toContain(rollout.id);

  const paused = await run("rollout", "pause", rollout.id, "--reason", "lunch", "--json");
  expect(JSON.parse(paused.stdout).rollout).toMatchObject({ phase: "paused", pausedBy: "person" });
  expect((await run("rollout", "status", rollout.id, "--wait", "1")).stderr).toContain("paused (25 %) by");
  expect((await run("rollout", "abort", rollout.id, "--reason", "no")).exitCode).toBe(0);
  expect((await run("rollout", "status", rollout.id)).exitCode).toBe(1);

  const again = JSON.parse((await run("rollout", "retry", rollout.id, "--reason", "yes", "--json")).stdout).rollout;
  expect(again.retryOf).toBe(rollout.id);
  await run("rollout", "promote", again.id, "--reason", "sure");
  const watched = await run("rollout", "status", again.id, "--watch");
  expect(watched.exitCode).toBe(0);
  expect(watched.stderr.split("\n").filter((line) => line !== "")).toHaveLength(2);
});

test("routes stay as they are while a rollout decides on them, and a policy that was edited is refused or replaces it", async () => {
  const begun = JSON.parse((await start("--project", "shop", "--json")).stdout).rollout;
  const routed = await run("route", "set", "--project", "shop", "--weight", "90");
  expect(routed.exitCode).toBe(2);
  expect(routed.stderr).toContain(`belongs to rollout ${begun.id}`);
  writeFileSync(policy, JSON.stringify(aGatePolicy({ rollback: { alpha: 0.1 } })));
  const edited = await start("--project", "shop");
  expect(edited.exitCode).toBe(2);
  expect(edited.stderr).toContain("frozen until it ends");
  expect((await start("--project", "shop", "--replace")).exitCode).toBe(2);
  expect((await start("--project", "shop", "--replace", "--reason", "stricter")).exitCode).toBe(0);
  expect((await run("rollout", "status", begun.id)).stdout).toMatch(/^It is aborted \(.* UTC\): .*stricter$/m);
});

test("what cannot be is said in a sentence", async () => {
  expect(await run("rollout", "status", "--project", "empty")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("has had no rollout"),
  });
  expect(await run("rollout", "status", "x")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("the id of a rollout") });
  expect(await start("--project", "empty")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--stable") });
});

test("a guardrail of a judge that nobody compared with people only holds, and the rollout says so", async () => {
  const prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "judged", organisation: "o", environments: ["production"] }, new Date());
  const scorers = [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }];
  await setScoreRule(prisma, ScoreRuleDraft.parse({ project: "judged", name: "kind", scorers }), { actor: "ada", now: new Date() });
  await prisma.$disconnect();
  const [task] = aGatePolicy().spec.canary?.metrics ?? [];
  const metrics = [task, { ...task, name: "kind" }] as never;
  const judgedPolicy = join(folder, "judged.yaml");
  writeFileSync(judgedPolicy, JSON.stringify(aGatePolicy({ metrics })));
  const of = ["--project", "judged", "--stable", STABLE.name, "--candidate", CANDIDATE.name];
  const begun = await run("rollout", "start", "--policy", judgedPolicy, ...of, "--json");
  expect([begun.exitCode, begun.stderr]).toEqual([0, expect.stringContaining("kind can only hold. Its judge is not calibrated")]);
  const { rollout } = JSON.parse(begun.stdout);
  expect(rollout.reason).toContain("kind can only hold.");
  expect(rollout.policy.spec.canary.metrics.map(({ role }: { role: string }) => role)).toEqual(["guardrail", "signal"]);
});

test("a rollout that is tried again begins with what its judges allow now", async () => {
  const prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "again", organisation: "o", environments: ["production"] }, new Date());
  const [task] = aGatePolicy().spec.canary?.metrics ?? [];
  const kindPolicy = join(folder, "kind.yaml");
  writeFileSync(kindPolicy, JSON.stringify(aGatePolicy({ metrics: [task, { ...task, name: "kind" }] as never })));
  const of = ["--project", "again", "--stable", STABLE.name, "--candidate", CANDIDATE.name];
  const { rollout } = JSON.parse((await run("rollout", "start", "--policy", kindPolicy, ...of, "--json")).stdout);
  const rolesOf = ({ policy: { spec } }: typeof rollout) => spec.canary.metrics.map(({ role }: { role: string }) => role);
  expect(rolesOf(rollout)).toEqual(["guardrail", "guardrail"]);
  await run("rollout", "abort", rollout.id, "--reason", "no");

  const scorers = [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }];
  await setScoreRule(prisma, ScoreRuleDraft.parse({ project: "again", name: "kind", scorers }), { actor: "ada", now: new Date() });
  await prisma.$disconnect();
  const retried = await run("rollout", "retry", rollout.id, "--reason", "once more", "--json");
  expect([retried.exitCode, retried.stderr]).toEqual([0, expect.stringContaining("kind can only hold. Its judge is not calibrated")]);
  const again = JSON.parse(retried.stdout).rollout;
  expect(again).toMatchObject({ retryOf: rollout.id, reason: expect.stringMatching(/once more kind can only hold\./) });
  expect(rolesOf(again)).toEqual(["guardrail", "signal"]);
  expect((await run("gate", "explain", again.id)).exitCode).toBe(0);
});
