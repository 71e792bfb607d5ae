import type { PlantedFault } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { measureRollouts } from "./measureRollouts.ts";
import { brokenPromises, type RolloutFigures } from "./rolloutFigures.ts";

/** What `signalbox bench rollouts` may be told. */
type BenchRolloutsFlags = { faults: PlantedFault[]; seeds: number; perSecond: number; lag: number; minutes: number };

/** `signalbox bench rollouts`: 0 when every version with a fault was rolled back by the gate and every log follows from what is stored, 1 when not. */
export const benchRollouts: Act<BenchRolloutsFlags> = ({ output, flags: { faults, seeds, perSecond, lag, minutes } }) =>
  untilInterrupted(async (signal) => {
    const figures = await measureRollouts({
      ...{ faults, seeds, perSecond, lagSeconds: lag, minutesMax: minutes, signal },
      note: (line) => output.note(line),
    });
    output.result(figures, () => rolloutsText(figures));
    return brokenPromises(figures.runs).length === 0 ? EXIT.pass : EXIT.failed;
  });

function rolloutsText({ objectiveMs, perSecond, runs }: RolloutFigures): string {
  const table = textTable([
    ["planted", "seed", "ended", "grounds", "after", "sessions of it", "forecast, half / nine of ten", "kills", "log"],
    ...runs.map((run) => [
      ...[run.fault, String(run.seed), run.ended, run.grounds ?? "-", `${run.seconds} s`, String(run.exposed)],
      ...[`${run.forecast.exposed.median} / ${run.forecast.exposed.p90}`, String(run.kills), run.isLogSame ? "same" : "differs"],
    ]),
  ]);
  const about = `${perSecond} sessions a second; the latency objective is ${objectiveMs} ms, the stable version's p90.`;
  return [table, "", about, ...brokenPromises(runs).map((promise) => `✖ ${promise}`)].join("\n");
}
