"use client";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { amountMark, formatCost, formatCount, formatShare, formatTokens } from "../../format/amounts.ts";
import { modelName } from "./modelName.ts";
import type { Overview } from "./trendParams.ts";

type Row = Overview["models"][number];

/** The models of a time range, costliest first; choosing one narrows the plots above to its calls, choosing it again widens them. */
export function ModelTable({
  models,
  chosen,
  onChoose,
}: {
  models: readonly Row[];
  chosen: string | null;
  onChoose: (model: string | null) => void;
}) {
  const columns: SimpleColumn<Row>[] = [
    {
      id: "model",
      header: "Model",
      isElastic: true,
      cell: ({ model }) =>
        model === "" ? (
          <span className="text-muted">{modelName(model)}</span>
        ) : (
          <button
            type="button"
            aria-pressed={model === chosen}
            title={model}
            onClick={() => onChoose(model === chosen ? null : model)}
            className="max-w-full truncate text-left font-mono text-sm text-accent hover:underline"
          >
            {model}
          </button>
        ),
    },
    { id: "calls", header: "Calls", align: "end", cell: ({ count }) => formatCount(count) },
    {
      id: "failed",
      header: "Failed",
      align: "end",
      cell: ({ count, errors }) => (
        <span className={errors === 0 ? "text-faint" : undefined} title={`${formatCount(errors)} of ${formatCount(count)}`}>
          {formatShare(errors / count)}
        </span>
      ),
    },
    { id: "input", header: "Tokens in", align: "end", isSpare: true, cell: ({ inputTokens }) => <Exact count={inputTokens} /> },
    { id: "output", header: "Tokens out", align: "end", isSpare: true, cell: ({ outputTokens }) => <Exact count={outputTokens} /> },
    { id: "perCall", header: "Cost per call", align: "end", isSpare: true, cell: perCall },
    { id: "cost", header: "Cost", align: "end", cell: costOf },
  ];
  return (
    <SimpleTable label="Models" columns={columns} rows={models} rowKey={({ model }) => model} isCurrent={({ model }) => model === chosen} />
  );
}

function Exact({ count }: { count: number }) {
  return <span title={formatCount(count)}>{formatTokens(count)}</span>;
}

const NOT_KNOWN = (
  <span className="text-faint whitespace-nowrap" title="No call told its cost, and the price table does not have this model">
    not known
  </span>
);

function costOf({ costUsd, withoutCost, count }: Row) {
  if (withoutCost === count) return NOT_KNOWN;
  const { mark, why } = amountMark({ isEstimate: false, isPartial: withoutCost > 0 });
  return (
    <span title={why ?? undefined} className="whitespace-nowrap">
      {mark}
      {formatCost(costUsd)}
    </span>
  );
}

/** The cost per call, over the calls with a known cost. */
function perCall({ costUsd, withoutCost, count }: Row) {
  return withoutCost === count ? NOT_KNOWN : formatCost(costUsd / (count - withoutCost));
}
