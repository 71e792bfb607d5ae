import { describe, expect, test } from "vitest";
import { freePorts } from "../../testing/processes.ts";
import { requireStores, storeUnusable } from "./storeCheck.ts";

const NONE = { DATABASE_URL: undefined, CLICKHOUSE_URL: undefined, REDIS_URL: undefined };

test("embedded stores need no check", async () => {
  await requireStores(NONE);
});

describe("a store that does not answer is named by its variable, without its password", () => {
  test.each([
    ["DATABASE_URL", "postgresql"],
    ["CLICKHOUSE_URL", "http"],
    ["REDIS_URL", "redis"],
  ])("%s", async (variable, protocol) => {
    const [port = 0] = await freePorts(1);
    const check = requireStores({ ...NONE, [variable]: `${protocol}://ann:s3cret@127.0.0.1:${port}/0` });
    await expect(check).rejects.toMatchObject({
      code: "infrastructure",
      message: expect.stringMatching(
        new RegExp(`^${variable} \\(${protocol}://ann:\\*\\*\\*@127\\.0\\.0\\.1:${port}/0\\) cannot be used: .+\\.$`),
      ),
      hint: expect.stringContaining(variable),
    });
  });
});

test("a password that the store repeats stays hidden", () => {
  const failure = storeUnusable("DATABASE_URL", "postgresql://ann:s%40cret@db/x", new Error("wrong password s@cret for ann"));
  expect(failure.message).toBe("DATABASE_URL (postgresql://ann:***@db/x) cannot be used: wrong password *** for ann.");
});
