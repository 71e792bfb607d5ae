import { formatCount } from "../../format/amounts.ts";
import type { CountedAgainst } from "./rolloutParams.ts";

/** How many of the candidate's units counted against it, in words; undefined: it is not known yet. */
export function againstText(counted: CountedAgainst | undefined): string {
  if (counted === undefined) return "…";
  const { isOnRecord, units, against, newest } = counted;
  if (!isOnRecord) return "it cannot be said any more, as not all that was counted is still on record.";
  const untold = newest.filter(({ because }) => because === "untold").length;
  const silent =
    untold === 0
      ? ""
      : untold === newest.length
        ? ", as nobody told of them in time"
        : `, ${formatCount(untold)} of them as nobody told of them in time`;
  return `${formatCount(against)} of ${formatCount(units)} units of the candidate counted against it${newest.length < against ? "" : silent}.`;
}
