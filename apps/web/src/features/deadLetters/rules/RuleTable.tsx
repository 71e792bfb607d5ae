import Link from "next/link";
import { type Word, WordBadge } from "../../../components/ui/badge/WordBadge.tsx";
import { Button } from "../../../components/ui/form/Button.tsx";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { groupLink } from "../../../project/groupLink.ts";
import { type AskedAct, RULE_ACTS } from "./RuleActDialog.tsx";
import type { Rule } from "./ruleDraft.ts";
import { useKnownGroups } from "./useRules.ts";

const STATES = {
  inForce: { label: "In force", title: "It redrives letters that are open at once, others as they come", tone: "clear" },
  spent: { label: "Budget spent", title: "It goes on when its oldest redrives are out of its minutes", tone: "caution" },
  paused: { label: "Paused", title: "It makes no redrives until somebody resumes it", tone: "plain" },
} as const satisfies Record<string, Word>;

function stateOf({ pausedAt, lettersInWindow, lettersMax }: Rule): Word {
  if (pausedAt !== null) return STATES.paused;
  return lettersInWindow >= lettersMax ? STATES.spent : STATES.inForce;
}

/** A project's rules, each with what can be done about it. */
export function RuleTable({
  project,
  rules,
  onAct,
}: {
  project: string;
  rules: readonly Rule[];
  onAct: (asked: NonNullable<AskedAct>) => void;
}) {
  const messages = new Map(useKnownGroups(project).map(({ fingerprint, message }) => [fingerprint, message]));
  const columns: readonly SimpleColumn<Rule>[] = [
    {
      id: "name",
      header: "Rule",
      cell: ({ name, actor, reason }) => (
        <span className="whitespace-nowrap font-medium" title={`${actor}: ${reason}`}>
          {name}
        </span>
      ),
    },
    { id: "state", header: "State", cell: (rule) => <WordBadge word={stateOf(rule)} className="whitespace-nowrap" /> },
    {
      id: "matches",
      header: "Letters of",
      isElastic: true,
      cell: ({ fingerprint, errorClass }) => (
        <>
          {fingerprint !== null && (
            <Link href={groupLink(fingerprint, project)} className="text-accent hover:underline" title={messages.get(fingerprint)}>
              {messages.get(fingerprint) ?? <code className="font-mono text-xs">{fingerprint}</code>}
            </Link>
          )}
          {fingerprint !== null && errorClass !== null && <span className="text-muted"> with </span>}
          {errorClass !== null && <code className="font-mono text-xs">{errorClass}</code>}
        </>
      ),
    },
    {
      id: "budget",
      header: "Budget",
      align: "end",
      cell: ({ lettersInWindow, lettersMax, minutes }) => (
        <span title={`Letters that it redrove in the last ${formatCount(minutes)} minutes`}>
          {formatCount(lettersInWindow)} of {formatCount(lettersMax)} in {formatCount(minutes)} min
        </span>
      ),
    },
    {
      id: "last",
      header: "Last redrive",
      cell: ({ lastRedriveAt }) =>
        lastRedriveAt === null ? <span className="text-faint">none yet</span> : <TimeText unixNano={unixNanoOf(lastRedriveAt)} withDate />,
    },
    { id: "runs", header: "Runs", align: "end", isSpare: true, cell: ({ runsMax }) => `up to ${formatCount(runsMax)}` },
    {
      id: "why",
      header: "By, and why",
      isSpare: true,
      cell: ({ actor, reason }) => (
        <span className="block max-w-64 truncate text-muted" title={reason}>
          {actor}: {reason}
        </span>
      ),
    },
    {
      id: "acts",
      header: <span className="sr-only">What can be done</span>,
      align: "end",
      cell: ({ name, pausedAt }) => (
        <span className="flex justify-end gap-2">
          {([pausedAt === null ? "pause" : "resume", "delete"] as const).map((act) => (
            <Button key={act} size="small" aria-label={`${RULE_ACTS[act].label} ${name}`} onClick={() => onAct({ act, name })}>
              {RULE_ACTS[act].label}
            </Button>
          ))}
        </span>
      ),
    },
  ];
  return <SimpleTable label="Redrive rules" columns={columns} rows={rules} rowKey={({ id }) => id} />;
}
