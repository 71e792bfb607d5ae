import { expect, test } from "vitest";
import { gateAnswer } from "../gateAnswer.ts";
import { aJudged, aRollout, aVerdict } from "../testing/aJudgedRollout.ts";
import { openTools } from "../testing/openTools.ts";
import { type GithubReport, githubReport } from "./githubReport.ts";

const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const reportOf = (rollout: Parameters<typeof aRollout>[0], verdict = aVerdict()) =>
  githubReport(gateAnswer(aJudged(aRollout(rollout), verdict)), { gate: "support-agent", sha: SHA });

test.each([
  [{ phase: "promoted" as const }, { status: "completed", conclusion: "success" }, "success"],
  [{ phase: "rolledBack" as const }, { status: "completed", conclusion: "failure" }, "failure"],
  [{ phase: "paused" as const }, { status: "completed", conclusion: "action_required" }, "pending"],
  [{}, { status: "in_progress" }, "pending"],
])("a rollout as %j is a check and a status", (rollout, check, state) => {
  const { checkRun, commitStatus } = reportOf(rollout);
  expect(checkRun).toMatchObject({ name: "signalbox/support-agent", head_sha: SHA, ...check });
  expect("conclusion" in checkRun).toBe(checkRun.status === "completed");
  expect(commitStatus).toMatchObject({ state, context: "signalbox/support-agent" });
});

test("texts fit, and no name is rendered as Markdown", () => {
  const reason = `${"x".repeat(200)} | <img> [a](b)`;
  const { commitStatus, checkRun, stepSummary } = reportOf({ phase: "rolledBack", reason, candidate: "a|b\n`c`" });
  expect([commitStatus.description.length, commitStatus.description.at(-1)]).toEqual([140, "…"]);
  expect(checkRun.output.summary).toBe(stepSummary);
  expect(stepSummary).toContain("| candidate | a\\|b \\`c\\` |");
  expect(stepSummary).toContain("\\<img\\> \\[a\\](b)");
});

test("a workflow can post what it fetches", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ phase: "promoted", reason: "Promoted.", candidate: SHA.slice(0, 12) });
  const answer = await fetch(`${tools.url}/v1/gates/support-agent/github?sha=${SHA}&url=https://console.example/r/1`);
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { checkRun: { details_url: "https://console.example/r/1" }, commitStatus: { target_url: "https://console.example/r/1" } },
  ]);
  const stateFor = async (query: string) => {
    const report = await (await fetch(`${tools.url}/v1/gates/support-agent/github?sha=${query}`)).json();
    return (report as GithubReport).commitStatus.state;
  };
  expect(await stateFor(SHA)).toBe("success");
  // A verdict on another candidate does not apply to this commit.
  expect([await stateFor("f".repeat(40)), await stateFor(`${SHA}&candidate=other`)]).toEqual(["pending", "pending"]);
  for (const [query, status] of [
    ["", 400],
    ["?sha=main", 400],
    [`?sha=${SHA}&candidate=other`, 200],
  ])
    expect((await fetch(`${tools.url}/v1/gates/support-agent/github${query}`)).status).toBe(status);
  expect((await fetch(`${tools.url}/v1/gates/other/github?sha=${SHA}`)).status).toBe(404);
});
