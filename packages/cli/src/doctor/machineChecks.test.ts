import { expect, test } from "vitest";
import { judgeClock, judgeNode, judgePlatform } from "./machineChecks.ts";

test("Node 24 and later will do", () => {
  expect(judgeNode("24.21.0").status).toBe("pass");
  expect(judgeNode("26.0.0").status).toBe("pass");
  expect(judgeNode("20.20.2")).toMatchObject({ status: "fail", advice: expect.stringContaining("./signalbox") });
});

test("a platform without embedded engines is told to bring its own stores", () => {
  expect(judgePlatform("linux-arm64").status).toBe("pass");
  expect(judgePlatform("win32-x64")).toMatchObject({ status: "fail", advice: expect.stringContaining("DATABASE_URL") });
});

test("a clock before this copy was made is wrong, one before the last write is suspect", () => {
  expect(judgeClock(1_000, 2_000, 0).status).toBe("fail");
  expect(judgeClock(10_000, 0, 16_000).status).toBe("warn");
  expect(judgeClock(10_000, 0, 14_000)).toEqual({ status: "pass", found: "1970-01-01T00:00:10.000Z" });
});
