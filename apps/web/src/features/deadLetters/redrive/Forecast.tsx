import type { RouterOutputs } from "@signalbox/api/client";
import type { ReactNode } from "react";
import { formatCount } from "../../../format/amounts.ts";

type Forecast = RouterOutputs["deadLetters"]["dryRun"];
type ToolUse = Forecast["effects"]["happened"][number];

const TOOLS_MAX = 8;

/** A count of letters, in words. */
export const lettersText = (count: number): string => `${formatCount(count)} ${count === 1 ? "letter" : "letters"}`;

/** The findings of a dry run: how many letters, why others are left out, and which effects are recorded or possible. */
export function ForecastText({ forecast: { letters, redrivable, obstructed, effects } }: { forecast: Forecast }) {
  return (
    <>
      <p className="font-medium">
        {redrivable === letters
          ? `${lettersText(letters)} would run again.`
          : `${formatCount(redrivable)} of ${lettersText(letters)} would run again.`}
      </p>
      <Obstructions obstructed={obstructed} />
      <Tools title="On record, and not done again" nothing="No effect of these tasks is on record." uses={effects.happened}>
        {({ tool, calls, tasks }) => `${tool} ${formatCount(calls)}× in ${formatCount(tasks)} ${tasks === 1 ? "task" : "tasks"}`}
      </Tools>
      <Tools title="They may call" nothing="No tool of their domain was ever called, for all that is on record." uses={effects.possible}>
        {({ tool }) => tool}
      </Tools>
    </>
  );
}

/** The reasons why letters are left out. */
export function Obstructions({ obstructed }: { obstructed: Forecast["obstructed"] }) {
  return obstructed.map(({ obstacle, letters, detail }) => (
    <p key={obstacle} className="text-caution [overflow-wrap:anywhere]">
      {lettersText(letters)} left out{letters > 1 && ", the first"}: {detail.replace(/^is /, "")}.
    </p>
  ));
}

function Tools({
  title,
  nothing,
  uses,
  children,
}: {
  title: string;
  nothing: string;
  uses: readonly ToolUse[];
  children: (use: ToolUse) => ReactNode;
}) {
  if (uses.length === 0) return <p className="text-muted">{nothing}</p>;
  const more = uses.length - TOOLS_MAX;
  return (
    <p className="text-muted">
      {title}:{" "}
      {uses.slice(0, TOOLS_MAX).map((use, index) => (
        <span key={`${use.domain} ${use.tool}`}>
          {index > 0 && ", "}
          <code className="font-mono text-xs text-ink">{children(use)}</code>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </p>
  );
}
