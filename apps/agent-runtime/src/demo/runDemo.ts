import { setTimeout as delay } from "node:timers/promises";
import type { PrismaClient } from "@signalbox/db/prisma";
import type { Loop } from "@signalbox/listener";
import type { TaskRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { DOMAINS } from "../domains/domains.ts";
import { demoTaskInTurn, openDemo } from "./demoTasks.ts";

/** The demo is the same on every machine. */
export const DEMO_SEED = 3;

/** After the first tasks so many follow one by one, then the demo is over. */
const LATER_TASKS_MAX = 200;

const RETRY_PAUSE_MS = 1_000;

/** A demo: `tasks` at once, then one every `pauseMs`. */
export type DemoSettings = { tasks: number; pauseMs: number };

type Demo = { prisma: PrismaClient; gatewayUrl: string; gatewayKey: string | undefined; log: Logger; settings: DemoSettings };

/** Posts a task; false when the gateway had it already. */
async function post({ gatewayUrl, gatewayKey }: Demo, task: TaskRequest, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(new URL("/v1/tasks", gatewayUrl), {
    method: "POST",
    headers: { "content-type": "application/json", ...(gatewayKey === undefined ? {} : { authorization: `Bearer ${gatewayKey}` }) },
    body: JSON.stringify(task),
    signal,
  });
  if (!answer.ok) throw new Error(`the gateway answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 201;
}

/**
 * Gives the agent work: tasks of every domain in turn, by a seeded generator, on worlds that are loaded first. A restart doubles nothing, because a task's id is
 * its place in the row.
 */
export function runDemo(demo: Demo): Loop {
  const { prisma, log, settings } = demo;
  const closing = new AbortController();
  const { signal } = closing;

  async function run(): Promise<void> {
    const demos = DOMAINS.map(openDemo);
    for (const { source } of demos) await source.load(prisma);
    for (let index = 0; index < settings.tasks + LATER_TASKS_MAX; ) {
      try {
        const isNew = await post(demo, demoTaskInTurn(demos, DEMO_SEED, index), signal);
        if (isNew && index >= settings.tasks) await delay(settings.pauseMs, undefined, { signal });
        index += 1;
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error }, "the demo waits for the gateway");
        await delay(RETRY_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const ended = run().catch((error: unknown) => log.error({ err: error }, "the demo cannot run"));
  return {
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}
