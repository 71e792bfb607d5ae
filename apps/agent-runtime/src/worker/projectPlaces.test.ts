import type { PrismaClient } from "@signalbox/db/prisma";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { openProjectPlaces } from "./projectPlaces.ts";

test("who is next is asked for a project of which more waits than has a place, and for no other", async () => {
  const next = { id: "next", lane: "interactive", build: null };
  const asks = vi.fn(async () => [{ ...next, free: 1 }]);
  const enqueue = vi.fn(async () => undefined);
  const prisma = { $queryRaw: asks } as unknown as PrismaClient;
  const places = openProjectPlaces(prisma, { enqueue } as unknown as TaskQueue, 1, pino({ level: "silent" }));
  places.hasEnded("calm");
  expect(asks).not.toHaveBeenCalled();

  places.isFull("busy");
  places.hasEnded("busy");
  await vi.waitFor(() => expect(enqueue).toHaveBeenCalledExactlyOnceWith([next]));
  await vi.waitFor(() => expect(places.heldProjects()).toEqual([]));
  places.hasEnded("busy");
  expect(asks).toHaveBeenCalledOnce();
});
