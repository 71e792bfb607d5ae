import { bytesText, countText } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { rounded } from "../rounded.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { type DecisionsFigures, measureDecisions } from "./measureDecisions.ts";

/** The flags of `signalbox bench decisions`. */
interface BenchDecisionsFlags {
  events: number;
}

/** `signalbox bench decisions`: 0 when the log is whole and each tampering was found in its place, 1 when not. */
export const benchDecisions: Act<BenchDecisionsFlags> = ({ output, flags: { events } }) =>
  untilInterrupted(async (signal) => {
    const measured = await measureDecisions({
      ...{ events, signal },
      note: (line) => output.note(line),
      startProgress: (label, total) => startProgress(output, label, total),
    });
    const figures = {
      ...measured,
      checkpointSeconds: rounded(measured.checkpointSeconds, 2),
      verifySeconds: rounded(measured.verifySeconds, 2),
    };
    output.result(figures, () => decisionsText(figures));
    return figures.whole && figures.tampered.every(({ found }) => found) ? EXIT.pass : EXIT.failed;
  });

function decisionsText(figures: DecisionsFigures): string {
  const { events, tasks, whole, eventsPerSecond, verifySeconds, cpuMicrosecondsPerEvent: cpu, bytesMax, tampered, ...signed } = figures;
  return textTable([
    [
      "verified",
      `${countText(events)} decisions of ${countText(tasks)} tasks in ${verifySeconds} s: ${countText(eventsPerSecond)}/s, ${whole ? "whole" : "broken"}`,
    ],
    ["processors", `${cpu.verifier} µs a decision here, ${cpu.store ?? "?"} µs in the state store`],
    ["memory", `${bytesText(bytesMax)} at most`],
    ["signed", `${signed.checkpoints} checkpoints in ${signed.checkpointSeconds} s`],
    ...tampered.map(({ tampering, found, findings }) => [
      `one ${tampering}`,
      `${found ? "found" : "not found"}: ${findings.map(({ kind, seq }) => `${kind} at ${seq}`).join(", ")}`,
    ]),
  ]);
}
