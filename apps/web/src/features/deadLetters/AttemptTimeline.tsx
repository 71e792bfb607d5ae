import type { RouterOutputs } from "@signalbox/api/client";
import { StatusMark } from "../../components/ui/badge/StatusMark.tsx";
import { ClampedText } from "../../components/ui/text/ClampedText.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatDuration } from "../../format/duration.ts";
import { unixNanoOf } from "../../format/time.ts";

type Attempt = RouterOutputs["deadLetters"]["letter"]["letter"]["attempts"][number];

const LINES_MAX = 8;
const NS_PER_MS = 1e6;

const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** Words for the outcomes of an attempt. */
const OUTCOMES = {
  failed: "failed",
  lost: "its worker was gone",
  released: "given back by its worker",
} as const satisfies Record<Attempt["outcome"], string>;

/** Every attempt of the task in this run, in order, with the waits between them. */
export function AttemptTimeline({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <ol aria-label="Attempts" className="flex flex-col">
      {attempts.map((attempt, index) => {
        const before = attempts[index - 1];
        return (
          <li key={attempt.attempt}>
            {before?.endedAt !== undefined && before.endedAt !== null && (
              <p className="ml-1.25 border-l-2 border-line-strong py-1 pl-5 text-xs text-faint tabular-nums">
                waited {formatDuration(Math.max(0, msBetween(before.endedAt, attempt.startedAt)) * NS_PER_MS)}
                {before.backoffMs !== null && `, at least ${formatDuration(before.backoffMs * NS_PER_MS)} as its backoff`}
              </p>
            )}
            <AttemptEntry attempt={attempt} />
          </li>
        );
      })}
    </ol>
  );
}

function AttemptEntry({ attempt: { attempt, worker, version, startedAt, endedAt, outcome, error, isAlone } }: { attempt: Attempt }) {
  return (
    <div className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2">
      <span className="pt-0.5">
        <StatusMark status={outcome === "failed" ? "error" : "incomplete"} hideLabel />
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
          <span className="font-medium">Attempt {attempt}</span>
          <span className="text-muted">
            {OUTCOMES[outcome]}
            {isAlone && ", alone in its process"}
          </span>
          <TimeText unixNano={unixNanoOf(startedAt)} withDate />
          {endedAt !== null && (
            <span className="text-muted tabular-nums">after {formatDuration(msBetween(startedAt, endedAt) * NS_PER_MS)}</span>
          )}
        </p>
        <p className="truncate text-xs text-faint" title={`${worker}, version ${version}`}>
          <span className="font-mono">{worker}</span>, version <span className="font-mono">{version}</span>
        </p>
        {error !== null && (
          <div className="mt-1 rounded-md bg-sunken px-2.5 py-1.5">
            <p className="font-mono text-xs font-semibold text-danger">{error.class}</p>
            <ClampedText text={error.message} linesMax={LINES_MAX}>
              {(shown) => <p className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{shown}</p>}
            </ClampedText>
          </div>
        )}
      </div>
    </div>
  );
}
