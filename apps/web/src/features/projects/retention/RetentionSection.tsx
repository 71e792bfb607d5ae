"use client";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Panel } from "../../../components/ui/layout/Panel.tsx";
import { useNow } from "../../../components/ui/useNow.ts";
import { formatCount } from "../../../format/amounts.ts";
import { RetentionDialog } from "./RetentionDialog.tsx";
import { firstDayKept } from "./retentionDays.ts";

/** A project's retention in days (null: for ever), its effect today, and the way to change it. */
export function RetentionSection({ project, days }: { project: string; days: number | null }) {
  const [isChanging, setIsChanging] = useState(false);
  const now = useNow();
  return (
    <>
      <Panel
        title={
          <>
            How long <span className="font-mono">{project}</span> is kept
          </>
        }
        aside={
          <Button size="small" onClick={() => setIsChanging(true)}>
            Change retention
          </Button>
        }
      >
        <div className="flex flex-col gap-1 px-4 py-3 text-sm">
          {days === null ? (
            <p>For ever, which is the default: nothing is deleted because of its age. Of replays the latest 10,000 are kept.</p>
          ) : (
            <>
              <p>
                For {formatCount(days)} {days === 1 ? "day" : "days"} besides today: what began before {firstDayKept(days, now)} (UTC) is
                deleted, and each day one day more.
              </p>
              <p className="text-muted">
                That is telemetry, dead letters since they were redriven or discarded, and replays since they ended. Open dead letters stay.
                The default is for ever.
              </p>
            </>
          )}
        </div>
      </Panel>
      <RetentionDialog project={project} days={days} open={isChanging} onOpenChange={setIsChanging} />
    </>
  );
}
