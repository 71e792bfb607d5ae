"use client";
import { usePauses } from "../queue/index.ts";

/** Says that live replays wait, and for what, while the queue of their project is paused. */
export function PausedNotice({ project }: { project: string }) {
  const [pause] = usePauses(project).data ?? [];
  if (pause === undefined) return null;
  const whose = pause.project === null ? "The queue of all projects" : `The queue of project ${pause.project}`;
  return (
    <p role="status" className="text-sm text-caution [overflow-wrap:anywhere]">
      {whose} is paused, by {pause.actor}: {pause.reason}. Live replays wait until it is resumed.
    </p>
  );
}
