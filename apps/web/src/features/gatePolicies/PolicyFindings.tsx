"use client";
import { CircleCheck, CircleX, Lightbulb } from "lucide-react";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { formatCount } from "../../format/amounts.ts";
import type { Linted } from "./policyParams.ts";

type Finding = { line: number; path: string; what: string };

/** The errors and advice on a policy, line by line, and the hash of a valid one. */
export function PolicyFindings({ id, linted, onLine }: { id: string; linted: Linted | undefined; onLine: (line: number) => void }) {
  if (linted === undefined) return <div id={id} className="h-9 shrink-0 border-t border-line" />;
  const findings = linted.kind === "wrong" ? linted.problems : linted.advice;
  return (
    <div id={id} className="shrink-0 border-t border-line">
      <p role="status" className="flex min-h-9 items-center gap-2 px-4 text-sm">
        {linted.kind === "wrong" ? (
          <>
            <CircleX className="size-3.5 shrink-0 text-danger-mark" aria-hidden />
            <span className="font-medium text-danger">
              {linted.problems.length === 1 ? "One thing is wrong." : `${formatCount(linted.problems.length)} things are wrong.`}
            </span>
          </>
        ) : (
          <>
            <CircleCheck className="size-3.5 shrink-0 text-clear-mark" aria-hidden />
            <span className="min-w-0 truncate">
              <span className="font-medium text-clear">A valid policy: {linted.name}</span>
              <span className="text-muted" title={linted.hash}>
                , hash <span className="font-mono text-xs">{linted.hash.slice(0, 12)}</span>
                {linted.canary === null && ", for eval runs alone"}
                {linted.canary !== null && !linted.hasOffline && ", for live traffic alone"}
              </span>
            </span>
          </>
        )}
      </p>
      {findings.length > 0 && (
        <ScrollRegion
          label={linted.kind === "wrong" ? "What is wrong" : "Advice"}
          className="max-h-40 overflow-y-auto border-t border-line"
        >
          <ul>
            {findings.map((finding) => (
              <li key={`${finding.line} ${finding.path} ${finding.what}`}>
                <FindingButton finding={finding} isAdvice={linted.kind === "valid"} onLine={onLine} />
              </li>
            ))}
          </ul>
        </ScrollRegion>
      )}
    </div>
  );
}

function FindingButton({
  finding: { line, path, what },
  isAdvice,
  onLine,
}: {
  finding: Finding;
  isAdvice: boolean;
  onLine: (line: number) => void;
}) {
  return (
    <button
      type="button"
      onClick={() => onLine(line)}
      className="flex w-full items-baseline gap-2 px-4 py-1.5 text-left text-sm hover:bg-hover"
    >
      {isAdvice && <Lightbulb className="size-3 shrink-0 self-center text-caution-mark" aria-hidden />}
      <span className="shrink-0 text-faint tabular-nums">Line {line}</span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {path !== "" && <span className="font-mono text-xs">{path}: </span>}
        {what}
      </span>
    </button>
  );
}
