"use client";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { failureOf } from "../../trpc/failureOf.ts";

/** Says that a dataset, a version or an item does not exist, and where to go on; or reports another error. */
export function MissingDataset({ error, project, onRetry }: { error: unknown; project: string; onRetry: () => void }) {
  const failure = failureOf(error);
  if (failure.code !== "not_found") return <ErrorState failure={failure} onRetry={onRetry} />;
  return (
    <EmptyState icon={SearchX} title={failure.message}>
      {failure.hint !== undefined && <p>{failure.hint}</p>}
      <Link href={projectLink("/datasets", { project })} className={buttonStyle()}>
        All datasets
      </Link>
    </EmptyState>
  );
}
