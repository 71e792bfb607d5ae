import { expect, test } from "vitest";
import { judgeFreeSpace, judgePermissions } from "./dataFolderChecks.ts";

test("a folder that others may read is a warning with the command that mends it", () => {
  expect(judgePermissions("/data", 0o40755, 7, 7)).toEqual({
    status: "warn",
    found: "mode 755: others may read it",
    advice: "chmod 700 /data",
  });
  expect(judgePermissions("/data", 0o40700, 7, 7)).toEqual({ status: "pass", found: "mode 700" });
});

test("another user's folder fails", () => {
  expect(judgePermissions("/data", 0o40700, 7, 8)).toMatchObject({ status: "fail", found: "mode 700, owned by user 7" });
});

test("little room is a warning, too little to start fails", () => {
  expect([2 ** 40, 2 ** 30, 2 ** 20].map((free) => judgeFreeSpace(free).status)).toEqual(["pass", "warn", "fail"]);
});
