import { aGateRun, anOfflinePolicy } from "../gateBuilders.ts";
import { judgeOffline } from "../judgeOffline.ts";
import type { GateReport } from "./gateReport.ts";

/** A test's report: 40 items, of which `lost` passed before and fail now. */
export function aGateReport(lost: number, name = "passed"): GateReport {
  const policy = anOfflinePolicy({ metrics: [{ name, kind: "binary", nonInferiorityMargin: 0.08 }] });
  const run = (title: string, failing: number) =>
    aGateRun(
      title,
      Array.from({ length: 40 }, (_, index) => ({ [name]: index < failing ? 0 : 1 })),
    );
  const [baseline, candidate] = [run("main", 0), run("pull|request", lost)];
  return {
    ...judgeOffline(policy, candidate, baseline),
    ...{
      policy: { name: "support-agent", hash: "ab".repeat(32) },
      dataset: policy.dataset,
      candidate: candidate.name,
      baseline: baseline.name,
      judges: [],
    },
  };
}
