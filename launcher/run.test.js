import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { run } from "./run.js";

const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
afterEach(() => said.mockClear());

const words = () => said.mock.calls.map(([chunk]) => String(chunk)).join("");

test("a command that a signal ends silently is reported with the signal, and is not a failed check", async () => {
  expect(await run("sh", ["-c", "kill -SEGV $$"])).toBe(4);
  expect(words()).toBe("sh was ended by SIGSEGV.\n");
});

test("so is one whose output was held back and empty", async () => {
  await run("sh", ["-c", "kill -KILL $$"], { quiet: true });
  expect(words()).toBe("sh was ended by SIGKILL.\n");
});

test("held-back output is shown when the command fails, and only then", async () => {
  expect(await run("sh", ["-c", "echo why >&2; exit 3"], { quiet: true })).toBe(3);
  expect(words()).toBe("why\n");
  said.mockClear();
  expect(await run("sh", ["-c", "echo fine"], { quiet: true })).toBe(0);
  expect(words()).toBe("");
});

test("without a terminal, an interrupt of the launcher reaches the command", async () => {
  const launcher = spawn(process.execPath, [
    ...["--input-type=module", "--eval"],
    `import { run } from ${JSON.stringify(new URL("./run.js", import.meta.url).href)};
    process.exitCode = await run("sh", ["-c", "trap 'exit 7' INT; echo up; while :; do sleep 0.05; done"]);`,
  ]);
  await once(launcher.stdout, "data");
  launcher.kill("SIGINT");
  expect(await once(launcher, "exit")).toEqual([7, null]);
});
