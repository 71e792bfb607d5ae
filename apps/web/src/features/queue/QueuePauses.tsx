"use client";
import type { QueuePause } from "@signalbox/model";
import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../format/time.ts";
import { type QueueAct, QueueDialog } from "./QueueDialog.tsx";
import { usePauses } from "./usePauses.ts";

/** One pause: whose queue, by whom, since when and why, and the way to end it. */
function PauseLine({ pause: { project, actor, pausedAt, reason }, onResume }: { pause: QueuePause; onResume: () => void }) {
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <Pause className="size-4 shrink-0 text-caution" aria-hidden />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-medium">
          {project === null ? "The queue of all projects is paused" : `The queue of project ${project} is paused`}
        </span>
        , by {actor} since <TimeText unixNano={unixNanoOf(pausedAt)} withDate />: {reason}
      </p>
      <Button onClick={onResume}>
        <Play className="size-3.5" aria-hidden />
        Resume
      </Button>
    </li>
  );
}

function usePauseLines(project: string) {
  const [asked, setAsked] = useState<QueueAct | null>(null);
  const pauses = usePauses(project);
  const lines = (pauses.data ?? []).map((pause) => (
    <PauseLine key={pause.project ?? ""} pause={pause} onResume={() => setAsked({ act: "resume", project: pause.project })} />
  ));
  return { pauses, lines, setAsked, dialog: <QueueDialog asked={asked} onClose={() => setAsked(null)} /> };
}

/** Warns that a project's tasks are paused, where somebody is about to queue some; shows nothing while they are not. */
export function QueuePausedNotice({ project }: { project: string }) {
  const { lines, dialog } = usePauseLines(project);
  return (
    <>
      {lines.length > 0 && (
        <section aria-label="Paused queue" className="shrink-0 border-b border-line bg-surface">
          <ul className="divide-y divide-line/60">{lines}</ul>
        </section>
      )}
      {dialog}
    </>
  );
}

/** Whether a project's tasks are paused, and the way to pause or resume them. */
export function QueuePauses({ project }: { project: string }) {
  const { pauses, lines, setAsked, dialog } = usePauseLines(project);
  const isPaused = pauses.data?.some((pause) => pause.project === project) ?? true;
  return (
    <>
      {lines.length > 0 && <ul className="divide-y divide-line/60">{lines}</ul>}
      {!isPaused && (
        <div className="flex min-h-11 flex-wrap items-center gap-3 px-4 py-2">
          <p className="min-w-0 flex-1 text-muted">
            {lines.length === 0 ? "It runs: tasks are started as workers have room." : `Project ${project} is not paused by itself.`}
          </p>
          <Button onClick={() => setAsked({ act: "pause", project })}>
            <Pause className="size-3.5" aria-hidden />
            Pause
          </Button>
        </div>
      )}
      {dialog}
    </>
  );
}
