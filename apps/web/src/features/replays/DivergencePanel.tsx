import Link from "next/link";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { JsonView } from "../../components/ui/text/JsonView.tsx";
import { formatCount } from "../../format/amounts.ts";
import { taskLink } from "../../project/taskLink.ts";
import { divergencePlace, type Report } from "./words.ts";

const LINES_MAX = 10;

/** The first divergence of a replay from the record, with both values; or that there is none. */
export function DivergencePanel({ report, project }: { report: Report; project: string }) {
  const { divergence, refused, unasked, executed, hashes, taskId, mode, from, fromRecord } = report;
  const count = Object.values(executed).reduce((sum, ofKind) => sum + ofKind, 0);
  const stages = Object.entries(executed).map(([kind, ofKind]) => `${formatCount(ofKind)} ${kind}`);
  return (
    <Panel title={divergence === null ? "No divergence" : "First divergence"}>
      <div className="flex flex-col gap-2 px-4 py-3">
        {divergence === null ? (
          <p className="font-medium text-clear">Everything went as it is on record.</p>
        ) : (
          <>
            <p className="flex flex-wrap items-baseline gap-x-3 font-medium">
              <span className="[overflow-wrap:anywhere]">At {divergencePlace(divergence)}</span>
              {(divergence.step !== null || divergence.seq !== null) && (
                <Link
                  href={taskLink(taskId, project, divergence.step === null ? `d${divergence.seq}` : String(divergence.step))}
                  className="text-sm font-normal text-accent hover:underline"
                >
                  The task as of there
                </Link>
              )}
            </p>
            <div className="grid gap-3 md:grid-cols-2">
              <Value label="On record" value={divergence.recorded} />
              <Value label="Replayed" value={divergence.replayed} />
            </div>
          </>
        )}
        {unasked.length > 0 && (
          <p className="rounded-md bg-caution-soft px-3 py-2 text-sm text-caution [overflow-wrap:anywhere]">
            No call asked for the answer that is given for {unasked.join(", ")}: it changed nothing.
          </p>
        )}
        {refused !== null && (
          <p className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger [overflow-wrap:anywhere]">
            The replay ended{refused.step === null ? "" : ` at step ${refused.step}`}: {refused.what} is not on record, and the fence lets
            nothing else through.
          </p>
        )}
        <p className="text-sm text-muted">
          The runtime went through {formatCount(count)} {count === 1 ? "stage" : "stages"} ({stages.join(", ")}).{" "}
          {formatCount(hashes.equal)} of {formatCount(hashes.total)} decisions have the hash that is on record
          {mode === "live" ? `; from step ${from} on they are new` : ""}.
          {fromRecord.length > 0 &&
            ` Tools of others answered from the record in ${fromRecord.length === 1 ? "step" : "steps"} ${fromRecord.join(", ")}.`}
        </p>
      </div>
    </Panel>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return (
    <div className="min-w-0 rounded-md bg-sunken px-3 py-2">
      <p className="mb-1 text-xs text-faint">{label}</p>
      {value === null || value === undefined ? (
        <span className="text-sm text-faint">nothing</span>
      ) : (
        <JsonView value={value} linesMax={LINES_MAX} />
      )}
    </div>
  );
}
