import { AppError, KnowledgeQuery, type MemoryService } from "@signalbox/model";
import { expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { type OutagePolicy, withOutagePolicy } from "./outagePolicy.ts";

const DEGRADE: OutagePolicy = { kind: "degrade" };
const WAIT: OutagePolicy = { kind: "wait", waitMs: 60_000, pauseMs: 1 };

const SESSION = { project: "shop", session: "s" };
const TURN = { ...SESSION, turnId: "t", role: "user", content: "hello" };
const QUERY = KnowledgeQuery.parse({ project: "shop", query: "refund" });
const AWAY = new AppError("upstream_unavailable", "Redis does not answer.");

/** A memory that fails with `failure` the first `failures` times, and then answers. */
function aMemory(failures: number, failure: Error): MemoryService & { asked: () => number } {
  let asked = 0;
  const answer = async <T>(value: T): Promise<T> => {
    asked += 1;
    if (asked <= failures) throw failure;
    return value;
  };
  return {
    recall: () => answer({ turns: [{ role: "user", content: "before" }] }),
    remember: () => answer({ isRemembered: true }),
    search: () => answer({ passages: [], shortfall: null }),
    asked: () => asked,
  };
}

const by = (policy: OutagePolicy, memory: MemoryService): MemoryService => withOutagePolicy(memory, policy, systemClock);

test("while memory works, its answers are passed on unchanged", async () => {
  for (const policy of [DEGRADE, WAIT]) {
    const memory = by(policy, aMemory(0, AWAY));
    expect(await memory.recall(SESSION)).toEqual({ turns: [{ role: "user", content: "before" }] });
    expect(await memory.remember(TURN)).toEqual({ isRemembered: true });
    expect(await memory.search(QUERY)).toEqual({ passages: [], shortfall: null });
  }
});

test("a task that degrades goes on without memory, and learns why", async () => {
  const outage = "Memory is away, and the task goes on without it: Redis does not answer.";
  const memory = by(DEGRADE, aMemory(9, AWAY));
  expect(await memory.recall(SESSION)).toEqual({ turns: [], outage });
  expect(await memory.remember(TURN)).toEqual({ isRemembered: false, outage });
  expect(await memory.search(QUERY)).toEqual({ passages: [], shortfall: outage });
});

test("a task that waits gets its answer when memory is back, and learns that it waited", async () => {
  const waited = expect.stringMatching(/^Memory was away for \d+\.\d s and was waited for: Redis does not answer\.$/);
  expect(await by(WAIT, aMemory(3, AWAY)).recall(SESSION)).toEqual({ turns: [{ role: "user", content: "before" }], outage: waited });
  expect(await by(WAIT, aMemory(3, AWAY)).remember(TURN)).toEqual({ isRemembered: true, outage: waited });
  expect(await by(WAIT, aMemory(3, AWAY)).search(QUERY)).toEqual({ passages: [], shortfall: waited });
});

test("waiting ends, and the attempt fails with the outage's error", async () => {
  const memory = aMemory(Number.POSITIVE_INFINITY, AWAY);
  await expect(by({ kind: "wait", waitMs: 0, pauseMs: 1 }, memory).recall(SESSION)).rejects.toBe(AWAY);
  expect(memory.asked()).toBe(1);
  const patient = aMemory(Number.POSITIVE_INFINITY, AWAY);
  await expect(by({ kind: "wait", waitMs: 30, pauseMs: 1 }, patient).recall(SESSION)).rejects.toBe(AWAY);
  expect(patient.asked()).toBeGreaterThan(1);
});

test.each([new AppError("invalid_input", "no such thing"), new TypeError("a defect")])("%s is not an outage", async (failure) => {
  for (const policy of [DEGRADE, WAIT]) await expect(by(policy, aMemory(1, failure)).recall(SESSION)).rejects.toBe(failure);
});
