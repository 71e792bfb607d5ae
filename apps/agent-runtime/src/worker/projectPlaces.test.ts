import type { PrismaClient } from "@signalbox/db/prisma";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { openProjectPlaces } from "./projectPlaces.ts";

test("the next task is looked up only for projects that have more waiting than places", async () => {
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

test("a project that turns out full during a lookup is looked up again, not forgotten", async () => {
  const before = Promise.withResolvers<object[]>();
  const waiting = ["a", "b"].map((id) => ({ id, lane: "interactive", build: null, free: 1 }));
  const asks = vi.fn(async () => waiting);
  asks.mockImplementationOnce(() => before.promise as Promise<typeof waiting>);
  const enqueue = vi.fn(async () => undefined);
  const parts = [{ $queryRaw: asks } as unknown as PrismaClient, { enqueue } as unknown as TaskQueue] as const;
  const places = openProjectPlaces(...parts, 1, pino({ level: "silent" }));
  places.isFull("busy");
  places.hasEnded("busy");
  places.isFull("busy");
  before.resolve([]);
  await vi.waitFor(() => expect(enqueue).toHaveBeenCalledOnce());
  expect(asks).toHaveBeenCalledTimes(2);
  expect(places.heldProjects()).toEqual(["busy"]);
});
