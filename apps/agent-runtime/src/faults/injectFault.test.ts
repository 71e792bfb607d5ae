import { FAILS_FOR_GOOD, type PlanningRequest, type ToolCallRequest } from "@signalbox/model";
import { expect, test, vi } from "vitest";
import type { Services } from "../worker/converse.ts";
import { BROKEN_TOOL, injectFault } from "./injectFault.ts";

const ANSWER = { output: "{}", isError: false, endsEpisode: false, replayed: false };
const STOP = { move: { kind: "stop", ended: true, reason: "" }, modelUse: null };
const SERVICES = { planning: { next: async () => STOP }, tools: { call: async () => ANSWER } } as unknown as Services;

const opening = { turns: [] } as unknown as PlanningRequest;
const later = { turns: [{ kind: "reply", content: "Yes." }] } as unknown as PlanningRequest;
const calling = (name: string): ToolCallRequest => ({
  ...{ scene: { domain: "airline", world: "demo", overlay: "t" }, idempotencyKey: "t:1" },
  call: { name, arguments: {} },
});

/** A world with a fixed random number, whose waits are recorded. */
const aWorld = (chance: number) => ({ random: () => chance, wait: vi.fn(async () => {}) });

test("without a planted fault, the services are unchanged", () => {
  expect(injectFault(SERVICES, null)).toBe(SERVICES);
});

test("a broken tool refuses every call, and the others work", async () => {
  const { tools } = injectFault(SERVICES, { fault: "tool", planMs: 0 });
  expect(await tools.call(calling(BROKEN_TOOL))).toMatchObject({ isError: true, output: expect.stringMatching(/^Error: /) });
  expect(await tools.call(calling("think"))).toEqual(ANSWER);
});

test("a slow planner takes 30 % longer for the same move", async () => {
  const [usual, slow] = [aWorld(0.5), aWorld(0.5)];
  await injectFault(SERVICES, { fault: null, planMs: 200 }, usual).planning.next(opening);
  await injectFault(SERVICES, { fault: "slow", planMs: 200 }, slow).planning.next(opening);
  expect([usual.wait.mock.calls, slow.wait.mock.calls]).toEqual([[[200]], [[260]]]);
});

test("one task in twenty cannot be planned, and a retry would not help", async () => {
  const planned = (chance: number, request = opening) =>
    injectFault(SERVICES, { fault: "dead", planMs: 0 }, aWorld(chance)).planning.next(request);
  await expect(planned(0.049)).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
  await expect(planned(0.05)).resolves.toEqual(STOP);
  await expect(planned(0.049, later)).resolves.toEqual(STOP);
});

test("a marked conversation can never be remembered, and any other can", async () => {
  const remember = async () => ({ isRemembered: true });
  const { memory } = injectFault({ ...SERVICES, memory: { remember } } as unknown as Services, { fault: "marked", planMs: 0 });
  const turn = { project: "default", session: "s", turnId: "t:0", role: "user", content: "Add a bag." };
  for (const _ of [1, 2])
    await expect(memory.remember({ ...turn, content: `Add a bag. ${FAILS_FOR_GOOD}` })).rejects.toMatchObject({ code: "invalid_input" });
  expect(await memory.remember(turn)).toEqual({ isRemembered: true });
});

test("a version with the fault none waits as long as one without a fault setting", async () => {
  const world = aWorld(0);
  const { planning, tools } = injectFault(SERVICES, { fault: "none", planMs: 200 }, world);
  await planning.next(opening);
  expect(world.wait.mock.calls).toEqual([[100]]);
  expect(tools).toBe(SERVICES.tools);
});

test("a caller may still give up waiting for a move", async () => {
  const next = vi.fn(async () => STOP);
  const { planning } = injectFault({ ...SERVICES, planning: { next } } as unknown as Services, { fault: "slow", planMs: 0 });
  const { signal } = new AbortController();
  await planning.next(opening, signal);
  expect(next).toHaveBeenCalledExactlyOnceWith(opening, signal);
});
