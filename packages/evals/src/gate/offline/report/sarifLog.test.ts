import { expect, test } from "vitest";
import { aGateReport } from "./aGateReport.ts";
import { sarifLog } from "./sarifLog.ts";

test("each item that got worse is a result at its line", () => {
  const log = sarifLog(aGateReport(6), (item) => ({ file: "runs/new run.jsonl", line: Number(item) + 1 }));
  const [run] = log.runs as { results: unknown[]; tool: { driver: { rules: { id: string }[] } } }[];
  expect([log.version, run?.tool.driver.rules.map(({ id }) => id), run?.results.length]).toEqual(["2.1.0", ["passed"], 6]);
  expect(run?.results[2]).toEqual({
    ruleId: "passed",
    level: "error",
    message: { text: "2: passed went from 1 to 0." },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "runs/new%20run.jsonl" }, region: { startLine: 3 } },
        logicalLocations: [{ name: "2", kind: "member" }],
      },
    ],
  });
});
