import { percentText } from "@signalbox/model";
import { EXIT } from "../../../commandLine/exitCode.ts";
import { textTable } from "../../../commandLine/textTable.ts";
import type { Act } from "../../../commandLine/verb.ts";
import { rounded } from "../../rounded.ts";
import { untilInterrupted } from "../../untilInterrupted.ts";
import { measureRouting, type RoutingFigures } from "./measureRouting.ts";
import { brokenPromises } from "./routingLimits.ts";

/** Rounds every number in a document to two digits, which is more than a repetition of the run would share. */
function shortened(value: unknown): unknown {
  if (typeof value === "number") return rounded(value, Math.abs(value) < 1 ? 4 : 2);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}

/** `signalbox bench routing`: 0 when every promise of the balancer is kept, 1 when one is not. */
export const benchRouting: Act<{ seed: number }> = ({ output, flags }) =>
  untilInterrupted(async (signal) => {
    const figures = await measureRouting({ seed: flags.seed, signal, note: (line) => output.note(line) });
    const broken = brokenPromises(figures);
    output.result({ ...(shortened(figures) as object), broken }, () => [routingText(figures), ...broken].join("\n"));
    return broken.length === 0 ? EXIT.pass : EXIT.failed;
  });

const ms = (value: number | null): string => (value === null ? "never" : `${value.toFixed(0)} ms`);

function routingText({ endpointCallsPerSecond, offered, slow, killed, frozen, cap, gpu, isolation }: RoutingFigures): string {
  const { on, off } = isolation;
  return textTable([
    ["one endpoint can do", `${endpointCallsPerSecond.toFixed(0)} calls/s`],
    ["offered to four", `${offered.callsPerSecond.toFixed(0)} calls/s (${percentText(offered.share)})`],
    [
      `calls to the one that is ${slow.timesSlower} times slower`,
      `${percentText(slow.share)} in 5 s, ${percentText(slow.shareInLastSecond)} in the last one (before: ${percentText(slow.shareBefore)})`,
    ],
    ["a killed one is ejected after", `${ms(killed.ejectedAfterMs)}; ${killed.failed} of ${killed.calls} calls failed`],
    ["a stopped one is ejected after", `${ms(frozen.ejectedAfterMs)}; ${frozen.failed} of ${frozen.calls} calls failed`],
    ["ejected at once, of four that were all killed", String(cap.ejectedMax)],
    ["calls that need a GPU, on an endpoint without one", `${gpu.onCpu} of ${gpu.calls} (${gpu.refused} refused when there was none)`],
    ["others' p95 with one service down, isolated", `${ms(on.msP95)} (before: ${ms(on.healthyMsP95)})`],
    ["the same without isolation", `${ms(off.msP95)} (before: ${ms(off.healthyMsP95)})`],
  ]);
}
