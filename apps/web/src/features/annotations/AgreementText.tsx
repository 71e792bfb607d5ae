"use client";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatScore } from "../../format/scores.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const NAMES = { kappa: "Cohen's kappa", alpha: "Krippendorff's alpha" } as const;

/** People's agreement on a queue beyond chance, with its interval, and the share of equal answers. */
export function AgreementText({ project, id }: { project: string; id: string }) {
  const trpc = useTRPC();
  const found = useQuery(trpc.annotations.agreement.queryOptions({ project, id }, { staleTime: 10_000 }));
  if (found.isPending) return <Skeleton className="w-32" />;
  if (found.isError) return <span className="text-danger">not known</span>;
  if (found.data === null) return <span className="text-faint">nobody labelled the same item yet</span>;
  const { measure, value, lower, upper, raw, items, people } = found.data;
  const raws = `${formatShare(raw)} alike`;
  const title = `${NAMES[measure]} of ${people} people on ${formatCount(items)} items that two or more labelled`;
  if (value === null || lower === null || upper === null)
    return (
      <span title={`${title}: everybody gave one answer, which chance would do too`} className="tabular-nums">
        {raws} <span className="text-faint">({formatCount(items)})</span>
      </span>
    );
  return (
    <span title={title} className="whitespace-nowrap tabular-nums">
      <span className="text-faint">{measure === "kappa" ? "κ" : "α"}</span> {formatScore(value)}{" "}
      <span className="text-faint">
        [{formatScore(lower)}, {formatScore(upper)}]
      </span>{" "}
      · {raws}
    </span>
  );
}
