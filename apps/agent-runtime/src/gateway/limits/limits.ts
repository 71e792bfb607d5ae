import type { PrismaClient } from "@signalbox/db/prisma";
import type { Allowance } from "@signalbox/listener";
import { AppError, type TaskRequest } from "@signalbox/model";
import type { Logger } from "pino";
import type { BacklogLimits, Place } from "./backlog.ts";
import { watchBacklog } from "./watchedBacklog.ts";

/** Limits of a gateway: unfinished tasks, and admitted tasks of one project per minute (null: no limit). */
export type GatewayLimits = BacklogLimits & { projectTasksPerMinuteMax: number | null };

/** Builds the function that takes a place for a request; it throws `overloaded`, with a retry delay, if there is none. */
export function openLimits(
  prisma: PrismaClient,
  limits: GatewayLimits,
  allowance: Allowance,
  clock: () => number,
  log: Logger,
): (request: TaskRequest) => Promise<Place> {
  const takePlace = watchBacklog(prisma, limits, clock, log);
  const perMinuteMax = limits.projectTasksPerMinuteMax;
  return async ({ project, lane = "interactive" }) => {
    const allowed = perMinuteMax === null ? { kind: "taken" as const } : await allowance(`project:${project}`, perMinuteMax);
    if (allowed.kind === "refused")
      throw new AppError("overloaded", `Project ${project} may send ${perMinuteMax} tasks a minute.`, {
        retryAfterMs: allowed.retryAfterMs,
      });
    return takePlace(project, lane);
  };
}
