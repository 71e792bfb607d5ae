"use client";
import { metricSource } from "@signalbox/model";
import Link from "next/link";
import { buttonStyle } from "../../components/ui/Button.tsx";
import { versionLettersLink } from "../deadLetters/index.ts";
import { failedTracesLink, type RolloutDetail } from "./rolloutParams.ts";

/** The way to what counted against the candidate: failed traces of the candidate in the rollout's time, and its dead letters where a metric counts them. */
export function Causes({ detail: { rollout, verdict }, nowMs }: { detail: RolloutDetail; nowMs: number }) {
  const worse = verdict?.metrics.filter(({ standing }) => standing === "worse").map(({ name }) => name) ?? [];
  const hasLetters = verdict?.metrics.some(({ name }) => metricSource(name).kind === "deadLetters") ?? true;
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2">
      <span className="text-sm text-muted">{worse.length === 0 ? "What failed:" : `What made ${worse.join(", ")} worse:`}</span>
      {hasLetters && (
        <Link href={versionLettersLink(rollout.candidate, rollout.project)} className={buttonStyle({ size: "small" })}>
          Dead letters of the candidate
        </Link>
      )}
      <Link href={failedTracesLink(rollout, new Date(nowMs).toISOString())} className={buttonStyle({ size: "small" })}>
        Failed traces of the candidate
      </Link>
    </div>
  );
}
