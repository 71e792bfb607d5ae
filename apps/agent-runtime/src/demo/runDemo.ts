import { setTimeout as delay } from "node:timers/promises";
import type { PrismaClient } from "@signalbox/db/prisma";
import type { Loop } from "@signalbox/listener";
import type { TaskRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { DOMAINS } from "../domains/domains.ts";
import { demoTaskInTurn, openDemo } from "./demoTasks.ts";

/** A fixed seed: the demo is the same on every machine. */
export const DEMO_SEED = 3;

/** How many single tasks follow the first batch before the demo is over. */
const LATER_TASKS_MAX = 200;

const RETRY_PAUSE_MS = 1_000;

/** Settings of a demo: `tasks` are posted at once, then one every `pauseMs` milliseconds. */
export type DemoSettings = { tasks: number; pauseMs: number };

type Demo = { prisma: PrismaClient; gatewayUrl: string; gatewayKey: string | undefined; log: Logger; settings: DemoSettings };

/** Whether another try may help: the gateway is busy or away. Any other refusal would recur. */
const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Posts a task and returns whether it is new; null when the gateway refuses it for good, as it does a task whose id an older demo used for
 * a different one.
 */
async function post({ gatewayUrl, gatewayKey, log }: Demo, task: TaskRequest, signal: AbortSignal): Promise<boolean | null> {
  const answer = await fetch(new URL("/v1/tasks", gatewayUrl), {
    method: "POST",
    headers: { "content-type": "application/json", ...(gatewayKey === undefined ? {} : { authorization: `Bearer ${gatewayKey}` }) },
    body: JSON.stringify(task),
    signal,
  });
  if (answer.ok) return answer.status === 201;
  const refusal = `the gateway answered ${answer.status}: ${await answer.text()}`;
  if (mayPass(answer.status)) throw new Error(refusal);
  log.warn({ taskId: task.id, status: answer.status }, `a task of the demo is left out: ${refusal}`);
  return null;
}

/**
 * Gives the agent work: seeded tasks of every domain in turn, on worlds that are loaded first. A restart posts nothing twice, because a
 * task's id follows from its index.
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
        if (isNew === true && index >= settings.tasks) await delay(settings.pauseMs, undefined, { signal });
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
