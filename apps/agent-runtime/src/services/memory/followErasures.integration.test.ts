import { recordErasure } from "@signalbox/db/prisma";
import { type ErasureSubject, newId } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { anAdmittedTask, openStage } from "../../testing/stage.ts";
import { HAS_REDIS, openTestRedis } from "../../testing/testRedis.ts";
import { until } from "../../testing/testRuntime.ts";
import { followErasures } from "./followErasures.ts";
import { openRedisMemory } from "./redisMemory.ts";
import { MEMORY_LIMITS } from "./shortTermMemory.ts";

describe.skipIf(!HAS_REDIS)("turns in Redis (skipped without REDIS_URL, where redis-server is not on the PATH)", () => {
  const log = pino({ level: "silent" });
  let stage: Awaited<ReturnType<typeof openStage>>;
  let redis: Awaited<ReturnType<typeof openTestRedis>>;
  beforeAll(async () => {
    [stage, redis] = await Promise.all([openStage(), openTestRedis()]);
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const erase = (project: string, subject: ErasureSubject) =>
    recordErasure(stage.prisma, { project, subject, actor: "test", clock: Date.now }, async () => []);

  test.each<[string, (user: string, session: string) => ErasureSubject, string[]]>([
    ["a user's go, and those of others in the session stay", (user) => ({ kind: "user", value: user }), ["other", "by hand"]],
    ["a session's go, whoever wrote them", (_user, session) => ({ kind: "session", value: session }), []],
    ["a project's go", () => ({ kind: "project" }), []],
  ])("%s", async (_what, subjectOf, left) => {
    const [project, session, user] = [`p-${newId()}`, newId(), newId()];
    const memory = openRedisMemory(redis.url, systemClock, MEMORY_LIMITS, log);
    const mine = await anAdmittedTask(stage.prisma, { project, session, user });
    const other = await anAdmittedTask(stage.prisma, { project, session });
    const say = (turnId: string, content: string, at = { project, session }) => memory.remember({ ...at, turnId, role: "user", content });
    const elsewhere = { project: `${project}-not`, session };
    await say(`${mine}:0`, "mine");
    await say(`${other}:0`, "other");
    await say("by hand", "by hand");
    await say(`${mine}:0`, "elsewhere", elsewhere);

    await erase(project, subjectOf(user, session));
    const following = followErasures(memory, stage.prisma, { clock: systemClock, log, turnTtlMs: MEMORY_LIMITS.turnTtlMs });
    const contents = async (at = { project, session }) => (await memory.recall(at)).map(({ content }) => content);
    await until("the erasure", async () => (await contents()).join() === left.join());
    expect(await contents(elsewhere)).toEqual(["elsewhere"]);
    await following.close();
    await memory.close();
  });
});
