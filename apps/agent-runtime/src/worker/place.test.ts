import { expect, test } from "vitest";
import { SERVICES } from "../identity.ts";
import type { Services } from "./converse.ts";
import { trackPlace } from "./place.ts";

const away = new Error("away");

/** Tracked services whose memory uses the given `search` and `recall`. */
function track(search: () => Promise<never>, recall: () => Promise<unknown>) {
  const services = { language: {}, memory: { search, recall }, planning: {}, tools: { callTool: () => Promise.reject(away) } };
  return trackPlace(services as unknown as Services);
}

test.each(["before", "after"])("a search that fails %s the call beside it ends has failed in memory", async (order) => {
  const [searching, recalling] = [Promise.withResolvers<never>(), Promise.withResolvers<void>()];
  const { services, placeOf } = track(
    () => searching.promise,
    () => recalling.promise,
  );
  const recall = services.memory.recall({ project: "p", session: "s" });
  const both = Promise.all([recall, services.memory.search({ project: "p", query: "q", limit: 1 })]);
  if (order === "after") {
    recalling.resolve();
    await recall;
  }
  searching.reject(away);
  await expect(both).rejects.toBe(away);
  expect(placeOf(away)).toEqual({ service: SERVICES.memory, tool: null });
  recalling.resolve();
});

test("an error that no service threw belongs to the service the task waits for, or to the worker", async () => {
  const recalling = Promise.withResolvers<void>();
  const { services, placeOf } = track(
    () => Promise.reject(away),
    () => recalling.promise,
  );
  const late = new Error("late");
  expect(placeOf(late).service).toBe(SERVICES.worker);
  const recall = services.memory.recall({ project: "p", session: "s" });
  expect(placeOf(late).service).toBe(SERVICES.memory);
  recalling.resolve();
  await recall;
  expect(placeOf(late).service).toBe(SERVICES.worker);
});
