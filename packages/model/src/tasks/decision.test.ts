import { expect, test } from "vitest";
import { CHAIN_START, type Decision, decisionHash, verifyChain } from "./decision.ts";

/** A chain of `length` decisions of one task. */
function aChain(length: number): Decision[] {
  const chain: Decision[] = [];
  for (let seq = 0; seq < length; seq += 1) {
    const unsealed = {
      project: "default",
      taskId: "t",
      seq,
      kind: "planned" as const,
      time: "2026-11-23T00:00:00.000Z",
      actor: { service: "planning", version: "1" },
      attempt: 1,
      traceId: "0".repeat(32),
      spanId: null,
      chosen: `move ${seq}`,
      confidence: null,
      reason: "",
      detail: { b: 1, a: [seq] },
      prevHash: chain.at(-1)?.hash ?? CHAIN_START,
    };
    chain.push({ ...unsealed, hash: decisionHash(unsealed) });
  }
  return chain;
}

test("an untouched chain is whole, an empty one too", () => {
  expect(verifyChain(aChain(3))).toEqual({ kind: "whole" });
  expect(verifyChain([])).toEqual({ kind: "whole" });
});

test("an altered decision is found", () => {
  const altered = aChain(3).map((decision) => (decision.seq === 1 ? { ...decision, chosen: "something else" } : decision));
  expect(verifyChain(altered)).toMatchObject({ kind: "broken", seq: 1 });
});

test("an altered decision with a hash made anew breaks the one after it", () => {
  const altered = aChain(3).map((decision) => {
    if (decision.seq !== 1) return decision;
    const { hash: _, ...rest } = { ...decision, chosen: "something else" };
    return { ...rest, hash: decisionHash(rest) };
  });
  expect(verifyChain(altered)).toMatchObject({ kind: "broken", seq: 2 });
});

test("a dropped decision is found", () => {
  expect(verifyChain(aChain(3).filter((decision) => decision.seq !== 1))).toMatchObject({ kind: "broken", seq: 1 });
});

test("the order in which members were written does not change the hash", () => {
  const [first] = aChain(1);
  if (first === undefined) throw new Error("a chain of one has a first");
  const { hash, ...rest } = first;
  expect(decisionHash(Object.fromEntries(Object.entries(rest).reverse()) as typeof rest)).toBe(hash);
});
