import { expect, test } from "vitest";
import { aGateReport } from "./aGateReport.ts";
import { markdownSummary } from "./markdownSummary.ts";

const traceUrl = (traceId: string): string => `https://console.example/traces/${traceId}`;

test("a summary says verdict, reason and figures first, then the items that got worse with their traces", () => {
  expect(markdownSummary(aGateReport(6), traceUrl)).toMatchInlineSnapshot(`
    "## Gate support-agent: fail

    passed changed by -0.15 (90 % interval -0.265 to -0.0771, 40 items): it regressed.

    pull\\|request against main on d. 40 items were compared.

    | metric | verdict | baseline | candidate | difference | margin | p (worse) | could have found |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | passed | **fail** | 1 | 0.85 | -0.15 (-0.265 to -0.0771, 90 %) | 0.08 | 0.0156 | 0.162 |

    ### Items that got worse (6)

    | item | metric | baseline | candidate | what happened |
    | --- | --- | --- | --- | --- |
    | 0 | passed | 1 | 0 | [trace](https://console.example/traces/trace-0) |
    | 1 | passed | 1 | 0 | [trace](https://console.example/traces/trace-1) |
    | 2 | passed | 1 | 0 | [trace](https://console.example/traces/trace-2) |
    | 3 | passed | 1 | 0 | [trace](https://console.example/traces/trace-3) |
    | 4 | passed | 1 | 0 | [trace](https://console.example/traces/trace-4) |
    | 5 | passed | 1 | 0 | [trace](https://console.example/traces/trace-5) |

    Policy abababababab. “Could have found”: the smallest true loss that so many items show 80 % of the time.
    "
  `);
});

test("of many items that got worse twenty are listed, the others are counted", () => {
  const summary = markdownSummary(aGateReport(25), traceUrl);
  expect(summary).toContain("### Items that got worse (25)");
  expect(summary.match(/\[trace\]/g)).toHaveLength(20);
  expect(summary).toContain("… and 5 more.");
});

test("a run that lost nothing has no such part, and names of others make no markup", () => {
  const summary = markdownSummary(aGateReport(0), traceUrl);
  expect(summary).not.toContain("got worse");
  expect(summary).toContain("pull\\|request against main");
});
