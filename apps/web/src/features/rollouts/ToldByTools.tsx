"use client";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../format/time.ts";
import type { RolloutDetail } from "./rolloutParams.ts";

/** The difference in milliseconds from which a tool's own time is shown beside ours: more than the time of a request. */
const OWN_TIME_FROM_MS = 60_000;

const isTimeOfOwn = ({ at, receivedAt }: { at: string; receivedAt: string }): boolean =>
  Math.abs(Date.parse(at) - Date.parse(receivedAt)) > OWN_TIME_FROM_MS;

/** The events received from delivery tools during the rollout, newest first; nothing if there are none. */
export function ToldByTools({ events }: { events: RolloutDetail["events"] }) {
  if (events.length === 0) return null;
  return (
    <Panel title="Told by delivery tools">
      <ScrollRegion label="What delivery tools told" className="max-h-64 overflow-y-auto">
        <ol>
          {events.map(({ id, at, receivedAt, source, subject, kind, message }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-3 border-b border-line/60 px-4 py-2 text-sm last:border-0">
              <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
                {source}, {subject}
              </span>
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{message}</span>
              <span className="text-xs text-muted tabular-nums">
                {kind === "Normal" ? "" : `${kind}, `}
                <TimeText unixNano={unixNanoOf(receivedAt)} withDate />
                {isTimeOfOwn({ at, receivedAt }) && (
                  <>
                    {", by its own clock "}
                    <TimeText unixNano={unixNanoOf(at)} withDate />
                  </>
                )}
              </span>
            </li>
          ))}
        </ol>
      </ScrollRegion>
    </Panel>
  );
}
