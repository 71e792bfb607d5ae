import type { PrismaClient } from "@signalbox/db/prisma";
import type { Task } from "@signalbox/model";
import { expect, test, vi } from "vitest";
import { withWaitsFor } from "./heldProjects.ts";

test("a queued task says what it waits for when its project is full, and only running tasks count towards that", async () => {
  const task = { id: "t", project: "busy", status: "queued" } as Task;
  const asks = vi.fn(async (_query: { sql: string }) => [{ tasks: 2 }]);
  const prisma = { $queryRaw: asks } as unknown as PrismaClient;
  const waitsFor = "Project busy has 2 tasks at work, and may have 2: this one starts when one of them has ended.";
  expect(await withWaitsFor(prisma, 2, task)).toEqual({ ...task, waitsFor });
  expect(asks.mock.calls[0]?.[0].sql).not.toContain("queued");
  expect(await withWaitsFor(prisma, 3, task)).toEqual(task);
});
