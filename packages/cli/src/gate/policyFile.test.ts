import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPolicyFile, requirePolicy } from "./policyFile.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const YAML = `apiVersion: gates/v1
kind: GatePolicy
metadata: { name: support-agent }
spec:
  offline:
    dataset: support@v1
    minItems: 2000
    metrics:
      - name: passed
        kind: binary
        nonInferiorityMargin: 0.03
`;

function fileOf(text: string): string {
  const path = join(folder, "gate.yaml");
  writeFileSync(path, text);
  return path;
}

test("a policy is read, and a remark on it has its line", () => {
  expect(readPolicyFile(fileOf(YAML))).toMatchObject({ kind: "valid", policy: { metadata: { name: "support-agent" } }, advice: [] });
  expect(readPolicyFile(fileOf(YAML.replace("2000", "100")))).toMatchObject({
    kind: "valid",
    advice: [{ line: 11, what: expect.stringContaining("100 items") }],
  });
});

test("everything that is wrong is told, each with its line", () => {
  const wrong = YAML.replace("binary", "binray").replace("minItems", "minimum").replace("kind: GatePolicy", "kind: Policy");
  const file = readPolicyFile(fileOf(wrong));
  expect(file.kind === "wrong" && file.problems.map(({ line, path }) => [line, path])).toEqual([
    [2, "kind"],
    [7, "spec.offline.minimum"],
    [10, "spec.offline.metrics.0.kind"],
  ]);
});

test("what is no YAML, and what is nothing, is told", () => {
  expect(readPolicyFile(fileOf("spec: [1"))).toMatchObject({ kind: "wrong", problems: [{ line: 1, path: "" }] });
  expect(readPolicyFile(fileOf(""))).toMatchObject({ kind: "wrong" });
  expect(() => readPolicyFile(join(folder, "none.yaml"))).toThrow(/none\.yaml cannot be read/);
});

test("who needs a valid one is told the first problem and where to see the others", () => {
  const path = fileOf(YAML.replace("binary", "binray"));
  expect(() => requirePolicy(path)).toThrow(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(`${path}:10: spec.offline.metrics.0.kind: `) }),
  );
});
