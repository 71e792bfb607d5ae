import type { RouterOutputs } from "@signalbox/api/client";
import { CopyableId } from "../../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../../components/ui/text/Facts.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { formatScore } from "../../../format/scores.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { RunState } from "../EvalRunListPage.tsx";

type Detail = RouterOutputs["evalRuns"]["read"];

/** What a run is: its state, what it ran on, how far it came and who began it. */
export function RunFacts({ run, overall, labels }: Pick<Detail, "run" | "overall" | "labels">) {
  return (
    <Facts>
      <Fact label="State">
        <RunState run={run} />
      </Fact>
      {run.note !== null && <Fact label="Stopped">{run.note}</Fact>}
      <Fact label="Dataset">
        {run.dataset}
        {run.split !== undefined && `, ${run.split}`}
      </Fact>
      <Fact label="Target">
        <span className="font-mono text-xs">{run.target}</span>
      </Fact>
      <Fact label="Tries">
        {formatCount(run.finished)} of {formatCount(run.items * run.trials)}
      </Fact>
      <Fact label="Failed">
        <span className={run.failed > 0 ? "font-medium text-danger" : ""}>{formatCount(run.failed)}</span>
      </Fact>
      {overall.map(({ name, value, label, explanation }) => (
        <Fact key={name} label={`${name}, overall`}>
          <span title={explanation}>{value === null ? label : formatScore(value)}</span>
        </Fact>
      ))}
      {[...Map.groupBy(labels, ({ name }) => name)].map(([name, given]) => (
        <Fact key={name} label={name}>
          {given.map(({ label, runs }) => `${label} ${formatCount(runs)}`).join(", ")}
        </Fact>
      ))}
      <Fact label="Began">
        <TimeText unixNano={unixNanoOf(run.createdAt)} withDate />
      </Fact>
      <Fact label="By">{run.actor}</Fact>
      <Fact label="Run">
        <CopyableId id={run.id} label="run id" />
      </Fact>
    </Facts>
  );
}
