import { formatCount } from "../../format/amounts.ts";
import type { CountedAgainst } from "./rolloutParams.ts";

/** How many of the candidate's units counted against it, in words; undefined: it is not known yet. */
export function againstText(counted: CountedAgainst | undefined): string {
  if (counted === undefined) return "…";
  const { units, against, newest } = counted;
  if (units === 0) return "its tasks are not on record any more.";
  const untold = newest.filter(({ because }) => because === "untold").length;
  const silent =
    untold === 0
      ? ""
      : untold === newest.length
        ? ", as nobody told of them in time"
        : `, ${formatCount(untold)} of them as nobody told of them in time`;
  return `${formatCount(against)} of ${formatCount(units)} units of the candidate counted against it${newest.length < against ? "" : silent}.`;
}
