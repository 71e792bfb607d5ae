"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Badge, type BadgeTone } from "../../components/ui/badge/Badge.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

type Outcome = RouterOutputs["scoring"]["ofTrace"][number];

const REFETCH_MS = 10_000;

const TONES = { scored: "plain", sampled_out: "plain", waiting: "accent", failed: "danger" } as const satisfies Record<
  Outcome["state"],
  BadgeTone
>;

/** The outcome of a trace under a rule, in words. */
function wordOf({ rule, state, reason, tries }: Outcome): string {
  switch (state) {
    case "scored":
      return `scored by ${rule}`;
    case "sampled_out":
      return `not scored by ${rule}: sampled out`;
    case "waiting":
      return tries === 0 ? `waits for ${rule}` : `waits for ${rule} after ${tries === 1 ? "a try" : `${tries} tries`}: ${reason}`;
    case "failed":
      return `not scored by ${rule}: ${reason}`;
  }
}

/** The outcomes of a trace under its scoring rules, except for those that scored it. */
export function ScoringWord({ project, traceId }: { project: string; traceId: string }) {
  const trpc = useTRPC();
  const outcomes = useQuery(trpc.scoring.ofTrace.queryOptions({ project, traceId }, { refetchInterval: REFETCH_MS }));
  const told = (outcomes.data ?? []).filter(({ state }) => state !== "scored");
  return told.map((outcome) => (
    <Link
      key={outcome.ruleId}
      href={projectLink("/scoring", { project })}
      className="max-w-96 truncate hover:underline"
      title={wordOf(outcome)}
    >
      <Badge tone={TONES[outcome.state]}>
        <span className="truncate font-normal">{wordOf(outcome)}</span>
      </Badge>
    </Link>
  ));
}
