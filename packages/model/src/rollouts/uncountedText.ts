import { counted, percentText } from "../figures.ts";
import type { PerArm } from "./arm.ts";
import type { RolloutLook } from "./rolloutLook.ts";

/** With a larger share of units in both arms the comparison is blurred: GrowthBook warns there too. */
const CROSSED_SHARE_MAX = 0.01;

/** The units and outcomes that a look did not count, or not twice, in sentences; `settled` are those that it did. Empty without any. */
export function uncountedText({ waiting, crossed, ignored }: RolloutLook, settled: PerArm<number>): string {
  const share = crossed / Math.max(1, settled.candidate + settled.stable + waiting);
  const count = crossed === 1 ? "counts where it was" : "count where they were";
  return [
    ...(waiting === 0 ? [] : [`${counted(waiting, "unit waits", "units wait")} for outcomes.`]),
    ...(crossed === 0 ? [] : [`${counted(crossed, "unit was", "units were")} seen in both versions, and ${count} first.`]),
    ...(share <= CROSSED_SHARE_MAX
      ? []
      : [`These are ${percentText(share)}: units move between the versions, and what differs looks smaller than it is.`]),
    ...(ignored === 0 ? [] : [`${counted(ignored, "outcome")} came too late, or again, and ${ignored === 1 ? "does" : "do"} not count.`]),
  ].join(" ");
}
