import { foldBlocks, look } from "@signalbox/evals";
import { type Block, canaryOf } from "@signalbox/model";
import { aGatePolicy } from "@signalbox/model/testing";
import { expect, test } from "vitest";
import { liveVerdictText } from "./liveVerdictText.ts";

test("a metric of latency has its p95 with an interval, where blocks say how long units took", () => {
  const latency = { name: "latency_over_8s", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.1, direction: "decrease" } as const;
  const policy = canaryOf({ policy: aGatePolicy({ metrics: [latency] }) });
  const took = (ms: number) => Array.from({ length: 400 }, () => ms);
  const old: Block = { step: 0, share: 0.5, units: { candidate: 400, stable: 400 }, means: {}, counts: {} };
  const textOf = (block: Block) => liveVerdictText(look(foldBlocks([block], policy), policy, { step: 0 }));
  expect(textOf({ ...old, tookMs: { candidate: took(5_300), stable: took(640) } })).toContain(
    "p95 by latency_over_8s: candidate 5.3 s (5.3 s to 5.3 s), stable 640 ms (640 ms to 640 ms).",
  );
  expect(textOf(old)).not.toContain("p95");
});
