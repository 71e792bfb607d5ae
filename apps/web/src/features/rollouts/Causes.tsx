"use client";
import { metricSource } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { versionLettersLink } from "../deadLetters/index.ts";
import { againstText, unitsText } from "./againstText.ts";
import { countedTracesLink, failedTracesLink, type RolloutDetail } from "./rolloutParams.ts";

/**
 * Links to the evidence against the candidate: the traces of units that made a metric worse, all failed traces of the candidate, and its
 * dead letters if a metric counts them.
 */
export function Causes({ detail: { rollout, verdict }, nowMs }: { detail: RolloutDetail; nowMs: number }) {
  const worse = verdict?.metrics.filter(({ standing }) => standing === "worse").map(({ name }) => name) ?? [];
  const hasLetters = verdict?.metrics.some(({ name }) => metricSource(name).kind === "deadLetters") ?? true;
  return (
    <div className="flex flex-col gap-2 border-t border-line px-4 py-2">
      {worse.map((metric) => (
        <CountedAgainst key={metric} metric={metric} rollout={rollout} nowMs={nowMs} />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-muted">What failed:</span>
        {hasLetters && (
          <Link href={versionLettersLink(rollout.candidate, rollout.project)} className={buttonStyle({ size: "small" })}>
            Dead letters of the candidate
          </Link>
        )}
        <Link href={failedTracesLink(rollout, new Date(nowMs).toISOString())} className={buttonStyle({ size: "small" })}>
          Failed traces of the candidate
        </Link>
      </div>
    </div>
  );
}

/** How many units made a metric worse, with links to their traces by session and by user; a task without a session has none. */
function CountedAgainst({ metric, rollout, nowMs }: { metric: string; rollout: RolloutDetail["rollout"]; nowMs: number }) {
  const trpc = useTRPC();
  const found = useQuery(trpc.rollouts.countedAgainst.queryOptions({ id: rollout.id, metric }));
  const at = new Date(nowMs).toISOString();
  const idsOf = (kind: "session" | "user" | "task"): string[] =>
    (found.data?.newest ?? []).flatMap((unit) => (unit.kind === kind ? [unit.id] : []));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-sm text-muted">
        What made <span className="font-medium text-ink">{metric}</span> worse:{" "}
        {found.isError ? "it could not be read." : againstText(found.data)}
      </span>
      {(["session", "user"] as const).flatMap((kind) => {
        const ids = idsOf(kind);
        if (found.data === undefined || ids.length === 0) return [];
        return [
          <Link key={kind} href={countedTracesLink(rollout, at, { kind, ids })} className={buttonStyle({ size: "small" })}>
            Traces of {unitsText(found.data, kind)}
          </Link>,
        ];
      })}
      {found.data !== undefined && idsOf("task").length > 0 && (
        <span className="text-sm text-muted">No link to {unitsText(found.data, "task")}.</span>
      )}
    </div>
  );
}
