import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { EvalResult, EvalRun } from "@signalbox/model";
import { afterAll, expect, test } from "vitest";
import { writeResultFile } from "../../eval/resultFile.ts";
import { runCommandLine } from "../../program.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-gate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function gathered(): { stream: NodeJS.WriteStream; text: () => string } {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream: stream as NodeJS.WriteStream, text: () => parts.join("") };
}

async function check(...args: string[]) {
  const [stdout, stderr] = [gathered(), gathered()];
  const exitCode = await runCommandLine(["gate", "check", ...args], { stdout: stdout.stream, stderr: stderr.stream }, {});
  return { stdout: stdout.text(), stderr: stderr.text(), exitCode };
}

const HEAD = '{"dataset":"d@1","datasetHash":"a","unitKey":null}\n';

/** A result file of `count` items, the first `failing` of which fail, from a scorer with a threshold of 0.5. */
function runFile(name: string, count: number, failing: number): string {
  const line = (index: number) => {
    const value = index < failing ? 0.2 : 0.9;
    return {
      item: `i${index}`,
      trial: 0,
      state: "answered",
      output: null,
      error: null,
      scores: [{ name: "near", value, passed: value > 0.5, explanation: "" }],
    };
  };
  return write(name, HEAD + Array.from({ length: count }, (_, index) => `${JSON.stringify(line(index))}\n`).join(""));
}

function policyFile(more = ""): string {
  return write(
    "gate.yaml",
    `apiVersion: gates/v1
kind: GatePolicy
metadata: { name: near-enough }
spec:
  offline:
    dataset: d
    ${more}
    metrics: [{ name: near, kind: binary, nonInferiorityMargin: 0.03 }]
`,
  );
}

const old = runFile("old.jsonl", 200, 0);

test("a candidate that is as good passes with 0", async () => {
  const { stdout, exitCode } = await check("--policy", policyFile(), "--baseline", old, "--candidate", runFile("same.jsonl", 200, 0));
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "pass: No metric regressed, and none loses as much as its margin: near."]);
  expect(stdout).toContain("could find");
});

test("one that is worse fails with 1, in every form that was asked for", async () => {
  const paths = { junit: join(folder, "gate.xml"), summary: join(folder, "gate.md"), sarif: join(folder, "gate.sarif") };
  const reports = Object.entries(paths).flatMap(([flag, path]) => [`--${flag}`, path]);
  const candidate = runFile("worse.jsonl", 200, 12);
  const { stdout, exitCode } = await check("--policy", policyFile(), "--baseline", old, "--candidate", candidate, "--json", ...reports);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: "fail",
    reason: expect.stringContaining("near changed by -0.06"),
    metrics: [{ name: "near", verdict: "fail", minimumDetectable: expect.any(Number), pWorse: expect.closeTo(2 ** -12, 12) }],
    worsened: { total: 12 },
  });
  expect(readFileSync(paths.junit, "utf8")).toContain('failures="1"');
  expect(readFileSync(paths.summary, "utf8")).toContain("## Gate near-enough: fail");
  expect(JSON.parse(readFileSync(paths.sarif, "utf8")).runs[0].results[3].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: candidate },
    region: { startLine: 5 },
  });
});

test.each([
  ["", 3],
  ["onInconclusive: fail", 1],
  ["onInconclusive: warn", 0],
  ["onInconclusive: pass", 0],
])("inconclusive with %j exits with %d, and stays inconclusive", async (more, code) => {
  const { stdout, stderr, exitCode } = await check("--policy", policyFile(more), "--candidate", old, "--json");
  expect([exitCode, JSON.parse(stdout).verdict, JSON.parse(stdout).reason]).toEqual([
    code,
    "inconclusive",
    "There is no baseline to compare with.",
  ]);
  expect(stderr !== "").toBe(more.includes("warn"));
});

test("a judge that agrees with people on labels enough may fail the gate, another may not", async () => {
  const judged = write(
    "judged.yaml",
    readFileSync(policyFile(), "utf8").replace("nonInferiorityMargin: 0.03", "nonInferiorityMargin: 0.03, judge: {}"),
  );
  const labels = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `${JSON.stringify({ metric: "near", judge: index % 2 === 0, person: index % 2 === 0 || index % 50 === 1 })}\n`,
    ).join("");
  const given = ["--policy", judged, "--baseline", old, "--candidate", runFile("worse.jsonl", 200, 12)];
  expect(await check(...given)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("Its judge is not calibrated") });
  expect(await check(...given, "--labels", write("few.jsonl", labels(60)))).toMatchObject({
    exitCode: 3,
    stdout: expect.stringContaining("on 60 labels alone"),
  });
  expect(await check(...given, "--labels", write("many.jsonl", labels(200)))).toMatchObject({ exitCode: 1 });
});

/** A file of 120 results in talks of two, as `eval run --unit talk --results` writes it. */
async function talksFile(name: string, unitKey: string | null): Promise<string> {
  const path = join(folder, name);
  const run = EvalRun.parse({
    ...{ project: "p", name, dataset: "d@1", datasetHash: "0".repeat(64), items: 120, target: "cat", scorers: [{ name: "near" }] },
    ...{ trials: 1, unitKey, concurrency: 1, ratePerSecond: null, timeoutMs: 1_000, id: crypto.randomUUID(), actor: "ann", note: null },
    ...{ createdAt: "2026-11-27T04:00:00.000Z", endedAt: "2026-11-27T04:00:00.000Z", finished: 120, failed: 0 },
  });
  async function* results(): AsyncGenerator<EvalResult> {
    for (let position = 0; position < 120; position += 1)
      yield EvalResult.parse({
        ...{ position, itemId: `i${position}`, trial: 0, unit: `talk ${position >> 1}`, state: "answered", input: 1, expected: 1 },
        ...{ output: 1, error: null, scores: [{ name: "near", value: 1, passed: true, explanation: "" }], traceId: null },
        ...{ latencyMs: 1, costUsd: null, tokens: null },
      });
  }
  await writeResultFile(path, run, results());
  return path;
}

test("a result file says which items share a unit, and of which key it is", async () => {
  const policy = policyFile("clusterBy: metadata.talk");
  const judged = async (unitKey: string) => {
    const [before, after] = [await talksFile("before.jsonl", unitKey), await talksFile("after.jsonl", unitKey)];
    return JSON.parse((await check("--policy", policy, "--baseline", before, "--candidate", after, "--json")).stdout);
  };
  expect(await judged("talk")).toMatchObject({ metrics: [{ tested: "paired-bootstrap", insteadOf: expect.stringContaining("cluster") }] });
  expect(await judged("user")).toMatchObject({
    verdict: "inconclusive",
    reason: expect.stringContaining("does not say which items share a metadata.talk"),
  });
});

test("a file that does not say which dataset it is a run of is not trusted", async () => {
  const silent = write("silent.jsonl", readFileSync(old, "utf8").replace(HEAD, ""));
  const { stdout, exitCode } = await check("--policy", policyFile(), "--baseline", old, "--candidate", silent);
  expect([exitCode, stdout]).toEqual([3, expect.stringContaining("silent.jsonl does not say which dataset it is a run of")]);
});

test("a folder named like a run is no file of results", async () => {
  const { stderr } = await check("--policy", policyFile(), "--candidate", mkdirIn("production"));
  expect(stderr).toContain("There is no file");
});

const ONE = '{"item":"7","scores":{"near":1}}\n';

function aLink(name: string, to: string): string {
  const path = join(folder, name);
  linkSync(to, path);
  return path;
}

function mkdirIn(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test.each<[string, () => Promise<{ stderr: string; exitCode: number }>]>([
  ["gate.yaml:7: spec.offline.minimum", () => check("--policy", policyFile("minimum: 3"), "--candidate", old)],
  ["is the baseline as well", () => check("--policy", policyFile(), "--candidate", old, "--baseline", aLink("link.jsonl", old))],
  [
    "twice.jsonl:4: trial 0 of item 7 is in line 2 already",
    () => check("--policy", policyFile(), "--candidate", write("twice.jsonl", `${HEAD}${ONE}${HEAD}${ONE}`)),
  ],
  [
    "parts.jsonl:3: this begins the results of another run",
    () => check("--policy", policyFile(), "--candidate", write("parts.jsonl", `${HEAD}${ONE}{"dataset":"d@2"}\n`)),
  ],
  ["has no result in it", () => check("--policy", policyFile(), "--candidate", write("empty.jsonl", "\n"))],
  ["bad.jsonl:1: this is not valid JSON", () => check("--policy", policyFile(), "--candidate", write("bad.jsonl", "{"))],
  ["bad.jsonl:1: scores", () => check("--policy", policyFile(), "--candidate", write("bad.jsonl", '{"item":"a"}\n'))],
  [
    "no metric near",
    () =>
      check(
        "--policy",
        policyFile(),
        "--candidate",
        write("x.jsonl", `${HEAD}{"item":"i1","scores":{"far":1}}`),
        "--baseline",
        write("y.jsonl", `${HEAD}{"item":"i1","scores":{}}`),
      ),
  ],
  ["Required option '--candidate <run>'", () => check("--policy", policyFile())],
])("refused with 2: %s", async (message, run) => {
  const { stderr, exitCode } = await run();
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
});
