import type { RouterOutputs } from "@signalbox/api/client";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { JudgeBadge, JudgeText } from "../../judges/index.ts";
import { ScoreWithInterval } from "../figures.tsx";

type ScorerRow = RouterOutputs["evalRuns"]["read"]["scorers"][number];

const SCORER_COLUMNS: SimpleColumn<ScorerRow>[] = [
  {
    id: "name",
    header: "Scorer",
    cell: ({ name, judged }) => (
      <span className="flex items-center gap-2">
        <span className="font-medium">{name}</span>
        {judged !== null && <JudgeBadge standing={judged.standing} />}
      </span>
    ),
  },
  { id: "mean", header: "Mean", cell: ({ mean, tries }) => (tries === 0 ? "–" : <ScoreWithInterval {...mean} />) },
  {
    id: "passed",
    header: "Passed",
    align: "end",
    cell: ({ passed, tries, unscored }) => (
      <span className="whitespace-nowrap">
        {passed === null ? "–" : `${formatCount(passed)} of ${formatCount(tries)}`}
        {unscored > 0 && <span className="text-muted"> · {formatCount(unscored)} without a score</span>}
      </span>
    ),
  },
  {
    id: "passK",
    header: <span title="The chance that all of k tries of an item pass, for every k">pass^k</span>,
    isElastic: true,
    cell: ({ passK }) => (
      <span className="flex gap-4">
        {passK.slice(1, 5).map(({ k, passHatK, lacking }) => (
          <span key={k} className="whitespace-nowrap">
            <span className="text-faint">k = {k}</span> <ScoreWithInterval {...passHatK} />
            {lacking > 0 && <span className="text-muted"> · without {formatCount(lacking)} items of fewer tries</span>}
          </span>
        ))}
      </span>
    ),
  },
];

/** How trustworthy each judge among the scorers is. */
function Judges({ scorers }: { scorers: readonly ScorerRow[] }) {
  const judged = scorers.flatMap((scorer) => scorer.judged ?? []);
  if (judged.length === 0) return null;
  return (
    <ul aria-label="Judges" className="border-t border-line px-4 py-2 text-sm">
      {judged.map((one) => (
        <li key={one.scoreName}>
          <span className="font-medium">{one.scoreName}</span> <JudgeText {...one} />
        </li>
      ))}
    </ul>
  );
}

/** The results of a run's scorers. */
export function RunScorers({ scorers }: { scorers: ScorerRow[] }) {
  return (
    <div className="shrink-0 border-b border-line bg-surface">
      <SimpleTable label="Scorers" columns={SCORER_COLUMNS} rows={scorers} rowKey={({ name }) => name} />
      <Judges scorers={scorers} />
    </div>
  );
}
