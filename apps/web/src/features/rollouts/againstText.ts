import { formatCount } from "../../format/amounts.ts";
import type { CountedAgainst } from "./rolloutParams.ts";

type Kind = CountedAgainst["newest"][number]["kind"];

const KINDS: Record<Kind, { one: string; many: string }> = {
  session: { one: "session", many: "sessions" },
  user: { one: "user", many: "users" },
  task: { one: "task of no session", many: "tasks of no session" },
};

/** The number of named units of a kind that counted against a candidate; "newest" if there are more than the named ones. */
export function unitsText({ newest, against }: CountedAgainst, kind: Kind): string {
  const count = newest.filter((unit) => unit.kind === kind).length;
  const { one, many } = KINDS[kind];
  const units = count === 1 ? `1 ${one}` : `${formatCount(count)} ${many}`;
  return newest.length < against ? `the newest ${units}` : units;
}

/** How many of the candidate's units counted against it, in words; undefined while it is not known yet. */
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
