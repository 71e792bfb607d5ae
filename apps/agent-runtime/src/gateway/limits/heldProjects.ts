import { countAtWork, listHeldProjects, type PrismaClient } from "@signalbox/db/prisma";
import type { Task } from "@signalbox/model";
import { Gauge, type Registry } from "prom-client";
import { KEPT_MS, keptFor } from "../keptFor.ts";

/** Registers a metric of projects that have `runningMax` tasks running while more of theirs wait. */
export function measureHeldProjects(prisma: PrismaClient, runningMax: number, nowMs: () => number, metrics: Registry): void {
  const heldNow = keptFor(KEPT_MS, nowMs, () => listHeldProjects(prisma, runningMax));
  const held = new Gauge({
    name: "signalbox_gateway_held_tasks",
    help: "Tasks that wait because their project has as many at work as it may.",
    labelNames: ["project"],
    registers: [metrics],
    collect: async () => {
      held.reset();
      // While the store is away the other metrics are still reported.
      const projects = await heldNow().catch(() => []);
      for (const { project, waiting } of projects) held.set({ project }, waiting);
    },
  });
}

/** Adds to a waiting task what it waits for, if that is one of its project's `runningMax` places. */
export async function withWaitsFor(prisma: PrismaClient, runningMax: number | null, task: Task): Promise<Task> {
  if (runningMax === null || task.status !== "queued") return task;
  const running = await countAtWork(prisma, task.project);
  if (running < runningMax) return task;
  const waitsFor = `Project ${task.project} has ${running} tasks at work, and may have ${runningMax}: this one starts when one of them has ended.`;
  return { ...task, waitsFor };
}
