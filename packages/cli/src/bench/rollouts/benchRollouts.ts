import type { PlantedFault } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { measureRollouts } from "./measureRollouts.ts";
import type { RolloutFigures } from "./rolloutFigures.ts";

/** The flags of `signalbox bench rollouts`. */
type BenchRolloutsFlags = { faults: PlantedFault[]; seeds: number; atOnce: number; perSecond: number; lag: number; minutes: number };

/**
 * `signalbox bench rollouts`: 0 when every faulty version was rolled back by the gate,
 * equal ones were promoted, and every log follows from the stored evidence; 1 when not.
 */
export const benchRollouts: Act<BenchRolloutsFlags> = ({ output, flags: { faults, seeds, atOnce, perSecond, lag, minutes } }) =>
  untilInterrupted(async (signal) => {
    const beganAt = performance.now();
    const figures = await measureRollouts({
      ...{ faults, seeds, atOnce, perSecond, lagSeconds: lag, minutesMax: minutes, signal },
      note: (line) => output.note(`${clockText(performance.now() - beganAt)}  ${line}`),
    });
    output.result(figures, () => rolloutsText(figures));
    return figures.broken.length === 0 ? EXIT.pass : EXIT.failed;
  });

/** A duration, as `12:05`. */
const clockText = (ms: number): string => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, "0")}`;

function rolloutsText({ objectiveMs, perSecond, atOnce, summary, broken, runs }: RolloutFigures): string {
  const each = textTable([
    ["planted", "seed", "ended", "grounds", "after", "sessions of it", "kills", "log"],
    ...runs.map((run) => [
      ...[run.fault, String(run.seed), run.ended, run.grounds ?? "-", `${run.seconds} s`, String(run.exposed)],
      ...[String(run.kills), run.isLogSame && run.sameAfterKills === run.kills ? "same" : "differs"],
    ]),
  ]);
  const all = textTable([
    [
      "planted",
      "rolled back",
      "promoted",
      "held",
      "sessions of it, half",
      "forecast, half / nine of ten",
      "time, half",
      "same after kills",
    ],
    ...summary.map((one) => [
      ...[one.fault, ...[one.rolledBack, one.promoted, one.held].map((some) => `${some} of ${one.rollouts}`)],
      ...[String(one.exposedMedian), `${one.forecastMedian} / ${one.forecastP90}`, `${one.secondsMedian} s`],
      `${one.sameAfterKills} of ${one.kills}`,
    ]),
  ]);
  const about = `${perSecond} sessions a second of each rollout, up to ${atOnce} at once; the latency objective is ${objectiveMs} ms, the stable version's p90.`;
  return [each, "", all, "", about, ...broken.map((promise) => `✖ ${promise}`)].join("\n");
}
