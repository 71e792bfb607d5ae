"use client";
import { useQuery } from "@tanstack/react-query";
import { Gauge, Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Sparkline } from "../../components/chart/index.ts";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { Button } from "../../components/ui/form/Button.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { briefScore, formatScore } from "../../format/scores.ts";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { JudgeBadge } from "../judges/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import type { Rule } from "./draftRule.ts";
import { OutcomesDialog } from "./OutcomesDialog.tsx";
import { type Edited, RuleDialog } from "./RuleDialog.tsx";
import { STATES } from "./states.ts";

const HOURS = 24;
const HOUR_MS = 3_600_000;
const REFETCH_MS = 5_000;

/** The rules that score finished traces, with the outcomes of the last day. */
export function ScoringPage() {
  const trpc = useTRPC();
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  const [edited, setEdited] = useState<Edited>(null);
  const [shown, setShown] = useState<Rule | null>(null);
  const rules = useQuery(trpc.scoring.list.queryOptions({ project, hours: HOURS }, { refetchInterval: REFETCH_MS }));
  return (
    <>
      <ScreenBar title="Online scoring">
        <Button className="ml-auto" onClick={() => setEdited({ rule: null })}>
          <Plus className="size-3.5" aria-hidden />
          New rule
        </Button>
      </ScreenBar>
      {rules.isPending && <TraceListSkeleton label="Loading score rules" />}
      {rules.isError && <ErrorState failure={failureOf(rules.error)} onRetry={() => void rules.refetch()} />}
      {rules.data?.length === 0 && (
        <EmptyState icon={Gauge} title="No score rule yet">
          <p>
            A rule scores traces when they are over: which, how many of them, and by which scorers. What becomes of each is in its ledger.
          </p>
        </EmptyState>
      )}
      {rules.data !== undefined && rules.data.length > 0 && (
        <ScreenBody label="The rules">
          <Panel title="Score rules, and the traces of the last day">
            <RuleTable rules={rules.data} onEdit={(rule) => setEdited({ rule })} onShow={setShown} />
          </Panel>
        </ScreenBody>
      )}
      <RuleDialog project={project} edited={edited} onClose={() => setEdited(null)} />
      <OutcomesDialog project={project} rule={shown} onClose={() => setShown(null)} />
    </>
  );
}

function RuleTable({ rules, onEdit, onShow }: { rules: readonly Rule[]; onEdit: (rule: Rule) => void; onShow: (rule: Rule) => void }) {
  return (
    <SimpleTable
      label="Score rules"
      rows={rules}
      rowKey={({ id }) => id}
      columns={[
        {
          id: "name",
          header: "Rule",
          isElastic: true,
          cell: (rule) => (
            <span className="flex items-center gap-2">
              <button
                type="button"
                className="truncate font-medium hover:underline"
                onClick={() => onEdit(rule)}
                title={`Edit ${rule.name}`}
              >
                {rule.name}
              </button>
              <span className="text-xs text-faint">v{rule.version}</span>
              {!rule.enabled && <Badge>Disabled</Badge>}
              {rule.note !== null && (
                <Badge tone="caution" title={rule.note}>
                  Cannot score
                </Badge>
              )}
            </span>
          ),
        },
        { id: "scorers", header: "Scorers", cell: (rule) => <Scorers rule={rule} /> },
        { id: "share", header: "Share", align: "end", cell: ({ share }) => formatShare(share) },
        {
          id: "matched",
          header: "Matched",
          align: "end",
          cell: ({ matched, unmatched }) => <span title={`${formatCount(unmatched)} did not match`}>{formatCount(matched)}</span>,
        },
        ...STATES.map(({ state, label }) => ({
          ...{ id: state, header: label, align: "end" as const },
          cell: ({ traces }: Rule) => <span className={toneOf(state, traces[state])}>{formatCount(traces[state])}</span>,
        })),
        { id: "trend", header: "Mean by the hour", isSpare: true, cell: (rule) => <Trend rule={rule} /> },
        {
          id: "ledger",
          header: <span className="sr-only">Ledger</span>,
          align: "end",
          cell: (rule) => (
            <Button
              size="small"
              tone="quiet"
              title={rule.lastFailure === null ? "Trace by trace" : `Last failure: ${rule.lastFailure.reason}`}
              onClick={() => onShow(rule)}
            >
              Ledger
            </Button>
          ),
        },
      ]}
    />
  );
}

function toneOf(state: string, traces: number): string {
  if (traces === 0) return "text-faint";
  if (state === "failed") return "text-danger";
  return state === "waiting" ? "text-accent" : "";
}

/** The scorers of a rule, and how trustworthy each judge among them is. */
function Scorers({ rule: { scorers, judges } }: { rule: Rule }) {
  return (
    <span className="flex max-w-72 items-center gap-1.5">
      <span className="truncate text-sm text-muted">{scorers.map(({ as, name }) => as ?? name).join(", ")}</span>
      {judges.map(({ scoreName, standing }) => (
        <JudgeBadge key={scoreName} standing={standing} />
      ))}
    </span>
  );
}

/** The first score's hourly means over the last day, and its overall mean. */
function Trend({ rule: { means } }: { rule: Rule }) {
  const [first] = means;
  if (first === undefined) return <span className="text-faint">–</span>;
  const own = means.filter(({ name }) => name === first.name);
  const traces = own.reduce((sum, one) => sum + one.traces, 0);
  const mean = own.reduce((sum, one) => sum + one.mean * one.traces, 0) / traces;
  const last = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const hours = Array.from(
    { length: HOURS },
    (_, hour) => own.find(({ hourMs }) => hourMs === last - (HOURS - 1 - hour) * HOUR_MS)?.mean ?? 0,
  );
  const label = `${first.name}, hour by hour: mean ${briefScore(mean)} of ${formatCount(traces)} traces`;
  return (
    <span className="flex items-center gap-2">
      <Sparkline counts={hours} label={label} />
      <span className="text-sm whitespace-nowrap tabular-nums">{formatScore(mean)}</span>
    </span>
  );
}
