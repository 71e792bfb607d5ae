import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { gateAnswer } from "../gateAnswer.ts";
import { aJudged, aRollout, aVerdict } from "../testing/aJudgedRollout.ts";
import { type GithubStub, openGithubStub } from "../testing/githubStub.ts";
import { infraFile } from "../testing/infraFile.ts";
import { githubReport } from "./githubReport.ts";

const SCRIPT = fileURLToPath(new URL("../../../../../infra/github/gate-report/report.js", import.meta.url));
const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

const folder = mkdtempSync(join(tmpdir(), "signalbox-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script as a workflow does; its exit code and what it said. */
async function report(stub: GithubStub, args: readonly string[], input = ""): Promise<{ code: number; told: string }> {
  const runner = { GITHUB_REPOSITORY: "octo/agent", GITHUB_API_URL: stub.url, GH_TOKEN: "ghs_1", RETRY_MS: "0" };
  const child = spawn(process.execPath, [SCRIPT, ...args], { env: { ...process.env, ...runner } });
  child.stdin.end(input);
  const [told, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { code, told };
}

/** The reports that `gate check` wrote. */
function checked(verdict: string): string {
  const place = mkdtempSync(join(folder, "reports-"));
  writeFileSync(join(place, "gate.json"), JSON.stringify({ verdict, reason: "passed is worse.", policy: { name: "near-enough" } }));
  writeFileSync(join(place, "gate.md"), `## Gate near-enough: ${verdict}\n`);
  return place;
}

const checkOf = (rollout: Parameters<typeof aRollout>[0]) =>
  githubReport(gateAnswer(aJudged(aRollout(rollout), aVerdict())), { gate: "support-agent", sha: SHA }).checkRun;

test("a rollout's check run is made, changed while it goes on, and completed", async () => {
  await using stub = await openGithubStub();
  const [running, promoted] = [checkOf({}), checkOf({ phase: "promoted" })];
  for (const run of [running, running, promoted]) expect(await report(stub, ["check"], JSON.stringify(run))).toEqual({ code: 0, told: "" });
  const { head_sha: _, ...changes } = promoted;
  expect(stub.written).toEqual([
    { method: "POST", path: "/check-runs", body: running },
    { method: "PATCH", path: "/check-runs/1", body: expect.objectContaining({ status: "in_progress" }) },
    { method: "PATCH", path: "/check-runs/1", body: changes },
  ]);
  expect(changes).toMatchObject({ name: "signalbox/support-agent", status: "completed", conclusion: "success" });
  expect(stub.headers).toMatchObject({
    ...{ authorization: "Bearer ghs_1", accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  });
  // What waited for a person is completed: that it goes on is another check run.
  await report(stub, ["check"], JSON.stringify(checkOf({ phase: "paused" })));
  await report(stub, ["check"], JSON.stringify(running));
  expect(stub.written.slice(3).map(({ method }) => method)).toEqual(["POST", "POST"]);
  expect(stub.checks.map(({ conclusion }) => conclusion)).toEqual(["success", "action_required", undefined]);
});

test("another App's check run of the same name is not changed", async () => {
  await using stub = await openGithubStub();
  await report(stub, ["check"], JSON.stringify(checkOf({})));
  Object.assign(stub.checks[0] ?? {}, { app: { slug: "somebody" } });
  await report(stub, ["check"], JSON.stringify(checkOf({})));
  expect(stub.written.map(({ method }) => method)).toEqual(["POST", "POST"]);
});

test("a pull request has one comment of a gate, which is changed and never another's", async () => {
  const mark = "<!-- signalbox-gate:near-enough -->";
  const others = Array.from({ length: 120 }, (_, index) => ({ body: `${index}`, user: { login: "ann" } }));
  await using stub = await openGithubStub([{ body: `${mark}\nPassed, I say.`, user: { login: "eve" } }, ...others]);
  for (const verdict of ["fail", "pass"])
    expect(await report(stub, ["verdict", checked(verdict), SHA, "success", "7"])).toEqual({ code: 0, told: "" });
  const comments = stub.written.filter(({ path }) => path.startsWith("/issues"));
  expect(comments).toEqual([
    { method: "POST", path: "/issues/7/comments", body: { body: `${mark}\n## Gate near-enough: fail\n` } },
    { method: "PATCH", path: "/issues/comments/121", body: { body: `${mark}\n## Gate near-enough: pass\n` } },
  ]);
  expect([stub.comments.length, stub.comments[0]?.body]).toEqual([122, `${mark}\nPassed, I say.`]);
});

test.each([
  ["pass", "success", "success"],
  ["fail", "failure", "failure"],
  ["inconclusive", "failure", "action_required"],
  ["inconclusive", "success", "neutral"],
])("a verdict %s of a job that ended in %s is a check run with %s", async (verdict, result, conclusion) => {
  await using stub = await openGithubStub();
  expect(await report(stub, ["verdict", checked(verdict), SHA, result, ""])).toEqual({ code: 0, told: "" });
  expect(stub.written).toEqual([
    {
      ...{ method: "POST", path: "/check-runs" },
      body: {
        ...{ name: "signalbox/near-enough/offline", head_sha: SHA, status: "completed", conclusion },
        output: { title: `${verdict}: passed is worse.`, summary: `## Gate near-enough: ${verdict}\n` },
      },
    },
  ]);
});

test("what is away is asked again, what refuses ends the job, and a wrong call is said", async () => {
  await using stub = await openGithubStub();
  const run = JSON.stringify(checkOf({}));
  stub.refusals.push(502, 429);
  expect(await report(stub, ["check"], run)).toEqual({ code: 0, told: "" });
  stub.refusals.push(403);
  expect(await report(stub, ["check"], run)).toMatchObject({ code: 4, told: expect.stringMatching(/does not take GET .*: 403/) });
  for (const args of [["verdict", folder, "main", "success"], ["verdict", folder, SHA, "success", "x"], []])
    expect(await report(stub, args)).toMatchObject({ code: 4, told: expect.stringContaining("It is told") });
  expect(stub.written).toHaveLength(1);
});

test("the composite action hands its inputs on as variables", () => {
  const [action] = infraFile("github/gate-report/action.yml") as [{ inputs: object; runs: { steps: { env: object; run: string }[] } }];
  const [step] = action.runs.steps as [{ env: object; run: string }];
  expect(Object.values(step.env).sort()).toEqual(
    Object.keys(action.inputs)
      .map((name) => `\${{ inputs.${name} }}`)
      .sort(),
  );
});
