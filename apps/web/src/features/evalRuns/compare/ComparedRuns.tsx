import Link from "next/link";
import { formatCount } from "../../../format/amounts.ts";
import { runLink } from "../evalLinks.ts";
import type { Compared } from "./compared.ts";

/** The parts that a comparison leaves out, in words: items and scorers that only one of two runs has, and tries that are still to come. */
function leftOut({ runs, comparisons }: Compared): string[] {
  const onlyOne = comparisons.reduce((sum, { items }) => Math.max(sum, items.onlyBaseline + items.onlyCandidate), 0);
  const uncompared = [...new Set(comparisons.flatMap((one) => one.uncompared))];
  return [
    ...(onlyOne === 0
      ? []
      : [`${formatCount(onlyOne)} ${onlyOne === 1 ? "item is" : "items are"} in one of two runs only and counted in none.`]),
    ...(uncompared.length === 0 ? [] : [`Scored in one of two runs only, and not compared: ${uncompared.join(", ")}.`]),
    ...runs
      .filter(({ endedAt }) => endedAt === null)
      .map(
        ({ name, finished, items, trials }) =>
          `${name} is not over: ${formatCount(finished)} of ${formatCount(items * trials)} tries have a result.`,
      ),
  ];
}

/** The compared runs by name, and what their comparison leaves out. */
export function ComparedRuns({ compared, project }: { compared: Compared; project: string }) {
  return (
    <p className="text-sm text-muted">
      {compared.runs.map(({ id, name }, index) => (
        <span key={id}>
          {index === 0 ? "Baseline " : index === 1 ? " against " : ", "}
          <Link href={runLink(id, project)} className="text-accent underline underline-offset-2">
            {name}
          </Link>
        </span>
      ))}
      {`, on ${formatCount(compared.comparisons[0]?.items.shared ?? 0)} shared items.`}
      {leftOut(compared).map((sentence) => ` ${sentence}`)}
    </p>
  );
}
