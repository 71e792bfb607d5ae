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

test("a policy is read from its file", () => {
  expect(readPolicyFile(fileOf(YAML))).toMatchObject({ kind: "valid", policy: { metadata: { name: "support-agent" } }, advice: [] });
  expect(() => readPolicyFile(join(folder, "none.yaml"))).toThrow(/none\.yaml cannot be read/);
});

test("who needs a valid one is told everything that is wrong, each with its line", () => {
  const path = fileOf(YAML.replace("binary", "binray").replace("2000", "many"));
  expect(() => requirePolicy(path)).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      message: expect.stringMatching(
        /gate\.yaml:7: spec\.offline\.minItems: it has to be a number\n.*gate\.yaml:10: spec\.offline\.metrics\.0\.kind: it has to be "/,
      ),
    }),
  );
});
