"use client";
import { classNames } from "../../components/ui/classNames.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { ExposureChart } from "./ExposureChart.tsx";
import { type ExposureBin, exposureBins } from "./exposureBins.ts";
import type { Simulated } from "./policyParams.ts";
import { ENDING_ORDER, ENDINGS } from "./words.ts";

type Fared = { id: "worse" | "equal"; name: string } & Simulated["worse"];

const NS_PER_HOUR = 3_600e9;
const hours = (value: number): string => formatDuration(value * NS_PER_HOUR);
const rounded = (value: number): string => formatCount(Math.round(value));
const sharesOf = ({ rolledBack, held, promoted }: Simulated["worse"]["forecast"]) => ({
  rollback: rolledBack,
  hold: held,
  promote: promoted,
});

function columnsOf(unit: string): SimpleColumn<Fared>[] {
  return [
    {
      id: "name",
      header: "Candidate",
      isElastic: true,
      cell: ({ name }) => (
        <span className="font-medium" title={name}>
          {name}
        </span>
      ),
    },
    ...ENDING_ORDER.map(
      (kind): SimpleColumn<Fared> => ({
        id: kind,
        header: ENDINGS[kind].label,
        align: "end",
        cell: ({ forecast }) => formatShare(sharesOf(forecast)[kind]),
      }),
    ),
    {
      id: "units",
      header: <span title="Half of the rollouts took at most the first, nine of ten the second">{`Its ${unit}s`}</span>,
      align: "end",
      cell: ({ forecast: { candidateUnits } }) => (
        <span className="whitespace-nowrap">
          {rounded(candidateUnits.median)} / {rounded(candidateUnits.p90)}
        </span>
      ),
    },
    {
      id: "time",
      header: "Time",
      align: "end",
      cell: ({ forecast }) => (
        <span className="whitespace-nowrap">
          {hours(forecast.hours.median)} / {hours(forecast.hours.p90)}
        </span>
      ),
    },
  ];
}

/** The result of a simulation: a sentence, how the rollouts ended, and how many units each had exposed by then. */
export function SimulatedOutcome({
  found,
  asked,
  unit,
  view,
  isOld,
  onView,
}: {
  found: Simulated;
  asked: number;
  unit: string;
  view: "chart" | "table";
  isOld: boolean;
  onView: (view: "chart" | "table") => void;
}) {
  const { sentence, drop, sims, hoursMax, metric } = found;
  const both: Fared[] = [
    { id: "worse", name: `${metric} worse by ${drop}`, ...found.worse },
    { id: "equal", name: "Equal", ...found.equal },
  ];
  const mostUnits = Math.max(...both.flatMap(({ rollouts }) => rollouts.map(({ candidateUnits }) => candidateUnits)));
  const binned = both.map((one) => ({ ...one, bins: exposureBins(one.rollouts, mostUnits) }));
  return (
    <section aria-label="What was found" aria-busy={isOld} className={classNames("flex flex-col gap-4", isOld && "opacity-60")}>
      <p role="status" className="text-md font-medium text-balance">
        {sentence}
      </p>
      <div className="overflow-hidden rounded-md border border-line">
        <SimpleTable label="How rollouts ended" columns={columnsOf(unit)} rows={both} rowKey={({ id }) => id} />
      </div>
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{`${unit === "user" ? "Users" : "Sessions"} of the candidate when a rollout ended`}</h3>
        <Button size="small" onClick={() => onView(view === "chart" ? "table" : "chart")}>
          {view === "chart" ? "Show as table" : "Show as chart"}
        </Button>
      </div>
      {view === "table" ? (
        <BinTable binned={binned} unit={unit} />
      ) : (
        <>
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
            {ENDING_ORDER.map((kind) => (
              <li key={kind} className="flex items-center gap-1.5">
                <span aria-hidden className={classNames("size-2.5 rounded-[2px]", ENDINGS[kind].bar)} />
                {ENDINGS[kind].label}
              </li>
            ))}
            <li className="flex items-center gap-1.5">
              <span aria-hidden className="h-3 border-l border-dashed border-ink" />
              half of them
            </li>
          </ul>
          {binned.map(({ id, name, forecast, bins }) => (
            <div key={id}>
              <p className="mb-2 flex flex-wrap items-baseline gap-x-3 text-sm">
                <span className="font-medium">{name}</span>
                <span className="text-muted tabular-nums">
                  {ENDING_ORDER.map((kind) => `${formatShare(sharesOf(forecast)[kind])} ${ENDINGS[kind].label}`).join(", ")}
                </span>
              </p>
              <ExposureChart
                label={`${name}: half of the rollouts ended after ${rounded(forecast.candidateUnits.median)} ${unit}s of the candidate`}
                bins={bins}
                median={forecast.candidateUnits.median}
                most={Math.max(...bins.map(({ rollback, hold, promote }) => rollback + hold + promote))}
              />
            </div>
          ))}
        </>
      )}
      <p className="text-xs text-faint">
        {formatCount(sims)} simulated rollouts of each candidate
        {sims < asked && ` (there was time for no more of the ${formatCount(asked)})`}, given up after {hours(hoursMax)}. An estimate:{" "}
        {unit}s come evenly, count once the scoring lag is over, and metrics vary by themselves.
      </p>
    </section>
  );
}

type Binned = Fared & { bins: ExposureBin[] };

function BinTable({ binned, unit }: { binned: readonly Binned[]; unit: string }) {
  const rows = binned.flatMap(({ id, name, bins }) =>
    bins.filter(({ rollback, hold, promote }) => rollback + hold + promote > 0).map((bin) => ({ key: `${id} ${bin.from}`, name, bin })),
  );
  const columns: SimpleColumn<(typeof rows)[number]>[] = [
    { id: "name", header: "Candidate", cell: ({ name }) => <span className="whitespace-nowrap">{name}</span> },
    {
      id: "units",
      header: `Its ${unit}s`,
      align: "end",
      cell: ({ bin }) => (
        <span className="whitespace-nowrap">
          {formatCount(bin.from)} to {formatCount(bin.to - 1)}
        </span>
      ),
    },
    ...ENDING_ORDER.map(
      (kind): SimpleColumn<(typeof rows)[number]> => ({
        id: kind,
        header: ENDINGS[kind].label,
        align: "end",
        cell: ({ bin }) => formatCount(bin[kind]),
      }),
    ),
  ];
  return (
    <ScrollRegion label="Rollouts by what they had exposed" className="max-h-80 overflow-y-auto rounded-md border border-line">
      <SimpleTable label="Rollouts by what they had exposed" columns={columns} rows={rows} rowKey={({ key }) => key} />
    </ScrollRegion>
  );
}
