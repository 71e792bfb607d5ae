"use client";
import Link from "next/link";
import { formatCount } from "../../../format/amounts.ts";
import { projectLink } from "../../../project/projectParam.ts";
import { RedriveCard } from "./RedriveCard.tsx";
import { UNDER_WAY_MAX, useRedrivesUnderWay } from "./useRedrives.ts";

const SHOWN_MAX = 3;

/** Unfinished redrives; nothing if there are none. */
export function RedrivesUnderWay({ project }: { project: string }) {
  const { data = [] } = useRedrivesUnderWay(project);
  if (data.length === 0) return null;
  return (
    <section aria-label="Redrives" className="shrink-0 border-b border-line bg-surface">
      <h2 className="px-4 pt-2 text-xs text-muted">Redrives under way in this project</h2>
      <div className="divide-y divide-line/60">
        {data.slice(0, SHOWN_MAX).map((redrive) => (
          <RedriveCard key={redrive.id} redrive={redrive} project={project} />
        ))}
      </div>
      {data.length > SHOWN_MAX && (
        <p className="px-4 pb-2 text-sm">
          <Link href={projectLink("/dead-letters/redrives", { project })} className="text-accent hover:underline">
            And {formatCount(data.length - SHOWN_MAX)} more{data.length === UNDER_WAY_MAX && " or still more"}
          </Link>
        </p>
      )}
    </section>
  );
}
