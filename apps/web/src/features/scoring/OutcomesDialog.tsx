"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { Button } from "../../components/ui/form/Button.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { briefScore } from "../../format/scores.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import type { Rule } from "./draftRule.ts";
import { STATES, type State } from "./states.ts";

const CHOICES = [
  { value: "all", label: "All" },
  ...STATES.map(({ state, label }) => ({ value: state, label })),
] as const satisfies readonly {
  value: State | "all";
  label: string;
}[];

/** The ledger of a rule: the outcome of each trace, latest first. */
export function OutcomesDialog({ project, rule, onClose }: { project: string; rule: Rule | null; onClose: () => void }) {
  return (
    <Dialog
      open={rule !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={rule === null ? "" : `Ledger of ${rule.name}`}
      className="max-w-4xl"
    >
      {rule !== null && <Outcomes project={project} rule={rule} />}
    </Dialog>
  );
}

function Outcomes({ project, rule }: { project: string; rule: Rule }) {
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<State | "all">("all");
  const pages = useInfiniteQuery(
    trpc.scoring.outcomes.infiniteQueryOptions(
      { project, ruleId: rule.id, state: chosen === "all" ? null : chosen },
      { getNextPageParam: ({ next }) => next ?? undefined },
    ),
  );
  const outcomes = pages.data?.pages.flatMap(({ outcomes }) => outcomes) ?? [];
  return (
    <div className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-4 py-2">
        <Select label="State" value={chosen} options={CHOICES} onChange={setChosen} className="w-36" />
        {pages.isError && <FormFailure error={pages.error} />}
      </div>
      <div className="min-h-32 overflow-y-auto">
        <SimpleTable
          label="Outcomes"
          rows={outcomes}
          rowKey={({ traceId, version }) => `${traceId} ${version}`}
          columns={[
            { id: "seen", header: "Over at", cell: ({ seenAtMs }) => <TimeText unixNano={`${seenAtMs}000000`} withDate /> },
            {
              id: "trace",
              header: "Trace",
              cell: ({ traceId }) => (
                <Link href={projectLink(`/traces/${traceId}`, { project })} className="font-mono text-xs text-accent hover:underline">
                  {traceId.slice(0, 12)}…
                </Link>
              ),
            },
            {
              id: "state",
              header: "State",
              cell: ({ state }) => {
                const word = STATES.find((one) => one.state === state);
                return word === undefined ? state : <WordBadge word={word} />;
              },
            },
            { id: "tries", header: "Tries", align: "end", cell: ({ tries }) => tries },
            {
              id: "what",
              header: "Scores, or why not",
              isElastic: true,
              cell: ({ scores, reason }) => {
                const values = Object.entries(scores).map(([name, value]) => `${name} ${briefScore(value)}`);
                const text = [...values, reason].filter(Boolean).join(" · ");
                return (
                  <span className="text-sm" title={text}>
                    {text === "" ? <span className="text-faint">–</span> : text}
                  </span>
                );
              },
            },
            { id: "version", header: "Version", align: "end", isSpare: true, cell: ({ version }) => version },
          ]}
        />
        {!pages.isPending && outcomes.length === 0 && <p className="px-4 py-6 text-center text-muted">No trace yet.</p>}
        {pages.hasNextPage && (
          <div className="flex justify-center p-2">
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
