import { userInfo } from "node:os";
import type { Score } from "@signalbox/model";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createCallerFactory } from "../trpc.ts";
import { scoreRouter } from "./scoreRouter.ts";

const TRACE = { project: "shop", traceId: "a".repeat(32) };

test("a score is signed by the person whose console it is, or by the program that names itself", async () => {
  const given: Score[] = [];
  const taken: unknown[] = [];
  const context = {
    traces: { summary: async () => ({}) },
    giveScores: async (scores: readonly Score[]) => void given.push(...scores),
    takeScoreBack: async (score: unknown) => void taken.push(score),
    now: () => 0,
  } as unknown as Context;
  const scores = createCallerFactory(scoreRouter)(context);
  await scores.give({ ...TRACE, value: 1 });
  await scores.give({ ...TRACE, name: "right", value: 0.5, source: "nightly-check" });
  await scores.takeBack({ ...TRACE, name: "right", source: "nightly-check" });
  expect(given.map(({ scorer }) => scorer)).toEqual([`person:${userInfo().username}`, "api:nightly-check"]);
  expect(taken).toEqual([{ ...TRACE, spanId: null, name: "right", scorer: "api:nightly-check" }]);
  for (const source of ["", "judge:0123", "Ann", "x".repeat(61)])
    await expect(scores.give({ ...TRACE, value: 1, source })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});
