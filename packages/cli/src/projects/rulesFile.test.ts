import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, IntakeRules } from "@signalbox/model";
import { afterAll, expect, test } from "vitest";
import { readRulesFile } from "./rulesFile.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NONE = IntakeRules.parse({ redaction: {}, sampling: {} });

function fileOf(text: string): string {
  const path = join(folder, "rules.yaml");
  writeFileSync(path, text);
  return path;
}

const YAML = `redaction:
  builtIn: [email]
  patterns:
    - name: employee
      pattern: EMP-[0-9]{6}
sampling:
  tail:
    slowerThanMs: 5000
`;

test("rules are read from YAML and from JSON", () => {
  const rules = readRulesFile(fileOf(YAML)).applyTo(NONE);
  expect(rules.redaction).toEqual({ builtIn: ["email"], patterns: [{ name: "employee", pattern: "EMP-[0-9]{6}" }], attributes: [] });
  expect(rules.sampling.tail).toMatchObject({ slowerThanMs: 5_000, keepErrors: true });
  expect(readRulesFile(fileOf(JSON.stringify(rules))).applyTo(NONE)).toEqual(rules);
  expect(readRulesFile(fileOf("")).applyTo(rules)).toEqual(rules);
});

test.each([
  [
    "a pattern that is none",
    YAML.replace("EMP-[0-9]{6}", "EMP-("),
    5,
    /redaction\.patterns\.0\.pattern: it is no regular expression as RE2 writes it/,
  ],
  ["a rule that there is not", YAML.replace("slowerThanMs", "slower"), 8, /sampling\.tail\.slower: there is no such rule/],
  ["a section that there is not", `${YAML}retention: 3\n`, 9, /retention: there is no such rule/],
  ["a built-in pattern that there is not", YAML.replace("[email]", "[email, mail]"), 2, /redaction\.builtIn\.1/],
  ["a share above one", "sampling:\n  headShare: 1.5\n", 2, /sampling\.headShare/],
  ["a member that is missing", YAML.replace("name: employee", "title: x").replace("pattern: ", "pattern: "), 4, /redaction\.patterns\.0/],
  ["what is neither YAML nor JSON", 'redaction:\n  builtIn: ["email\n', 3, /./],
])("%s is named with its line", (_name, text, line, message) => {
  const path = fileOf(text);
  let failure: unknown;
  try {
    readRulesFile(path).applyTo(NONE);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(AppError);
  expect((failure as AppError).message).toMatch(message);
  expect((failure as AppError).message.startsWith(`${path}:${line}: `), (failure as AppError).message).toBe(true);
});
