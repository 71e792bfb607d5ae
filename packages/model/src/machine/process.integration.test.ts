import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("a process whose parent was gone before it was ready to go ends all the same", async () => {
  const child = fork(fileURLToPath(import.meta.resolve("./__fixtures__/lateListener.ts")), { execArgv: [] });
  const exit = once(child, "exit");
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});
