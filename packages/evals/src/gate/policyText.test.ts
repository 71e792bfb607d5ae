import { expect, test } from "vitest";
import { readPolicyText } from "./policyText.ts";

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

test("a policy is read, and a remark on it has its line", () => {
  expect(readPolicyText(YAML)).toMatchObject({ kind: "valid", policy: { metadata: { name: "support-agent" } }, advice: [] });
  expect(readPolicyText(YAML.replace("2000", "100"))).toMatchObject({
    kind: "valid",
    advice: [{ line: 11, what: expect.stringContaining("100 items") }],
  });
});

test("everything that is wrong is told, each with its line", () => {
  const text = readPolicyText(YAML.replace("binary", "binray").replace("minItems", "minimum").replace("kind: GatePolicy", "kind: Policy"));
  expect(text.kind === "wrong" && text.problems.map(({ line, path }) => [line, path])).toEqual([
    [2, "kind"],
    [7, "spec.offline.minimum"],
    [10, "spec.offline.metrics.0.kind"],
  ]);
});

test("what is no YAML, and what is nothing, is told", () => {
  expect(readPolicyText("spec: [1")).toMatchObject({ kind: "wrong", problems: [{ line: 1, path: "" }] });
  expect(readPolicyText("")).toMatchObject({ kind: "wrong" });
});

test("a small text that stands for a huge one is refused", () => {
  const levels = [
    "a: &a [x,x,x,x,x,x,x,x,x,x]",
    ..."bcdefg".split("").map((name, index) => `${name}: &${name} [${`*${"abcdefg"[index]},`.repeat(10)}]`),
  ];
  expect(readPolicyText(levels.join("\n"))).toMatchObject({ kind: "wrong", problems: [{ line: 1 }] });
});
