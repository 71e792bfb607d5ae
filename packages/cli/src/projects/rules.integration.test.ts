import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

let stores: TestStores;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
});
afterAll(() => stores[Symbol.asyncDispose]());

const signalbox = (...args: string[]) => runSignalbox(stores, ["project", "rules", ...args], { DATABASE_URL: stores.databaseUrl });

async function json(...args: string[]) {
  const { stdout, stderr, exitCode } = await signalbox(...args, "--json");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

test("rules are set by flags and by a file, tried, shown with who changed them, and cleared", async () => {
  await json(
    "set",
    "default",
    "--built-in",
    "email",
    "--pattern",
    "employee=EMP-[0-9]{6}",
    "--head-share",
    "0.5",
    "--slower-than-ms",
    "2000",
  );
  const file = join(stores.dataDir, "rules.yaml");
  writeFileSync(file, "redaction: { attributes: [password] }\n");
  const { rules } = await json("set", "default", "--file", file, "--no-tail");
  expect(rules).toEqual({
    redaction: { builtIn: ["email"], patterns: [{ name: "employee", pattern: "EMP-[0-9]{6}" }], attributes: ["password"] },
    sampling: { headShare: 0.5, tail: null },
  });

  const tried = await json("test", "default", "--text", '{"password":"x","to":"ann@example.org"}');
  expect(tried).toMatchObject({
    text: '{"password":"[redacted: password]","to":"[redacted: email]"}',
    redacted: { password: 1, email: 1 },
  });
  expect((await signalbox("test", "default", "--text", "EMP-123456")).stdout).toBe("[redacted: employee]\n\nRedacted: employee (1×).\n");

  const shown = await json("show", "default");
  expect(shown.changes.map(({ actor }: { actor: string }) => actor)).toEqual([userInfo().username, userInfo().username]);
  expect((await signalbox("show", "default")).stdout).toContain("50 % of the traces are taken");
  await json("clear", "default");
  expect((await json("show", "default")).summary).toEqual(["Nothing is redacted.", "Every trace is taken."]);
});

test.each([
  ["a project that is not there", ["show", "nowhere"], 2, "There is no project nowhere."],
  ["nothing to change", ["set", "default"], 2, "Nothing is to be changed."],
  ["a share above one", ["set", "default", "--head-share", "2"], 2, "Wrong headShare"],
  ["a pattern without a name", ["set", "default", "--pattern", "EMP"], 2, "It is no pattern"],
  ["a pattern that looks back", ["set", "default", "--pattern", "x=(a)\\1"], 2, "no regular expression as RE2 writes it"],
  ["a file that is not there", ["set", "default", "--file", "/nowhere.yaml"], 2, "The file /nowhere.yaml cannot be read"],
])("%s is said in a sentence", async (_name, args, exitCode, words) => {
  const end = await signalbox(...args);
  expect({ stdout: end.stdout, exitCode: end.exitCode }).toEqual({ stdout: "", exitCode });
  expect(end.stderr.toLowerCase()).toContain(words.toLowerCase());
});
