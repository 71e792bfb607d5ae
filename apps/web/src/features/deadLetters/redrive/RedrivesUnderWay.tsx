"use client";
import Link from "next/link";
import { projectLink } from "../../../project/projectParam.ts";
import { RedriveCard } from "./RedriveCard.tsx";
import type { Redrive } from "./SteerDialog.tsx";
import { useRedrives } from "./useRedrives.ts";

const SHOWN_MAX = 3;

/** Redrives that are not over, and those of `isMeant` that are; nothing where there are none. */
export function RedrivesUnderWay({ project, isMeant = () => false }: { project: string; isMeant?: (redrive: Redrive) => boolean }) {
  const { data } = useRedrives(project);
  const meant = (data ?? []).filter((redrive) => (redrive.state !== "done" && redrive.state !== "aborted") || isMeant(redrive));
  if (meant.length === 0) return null;
  return (
    <section aria-label="Redrives" className="shrink-0 border-b border-line bg-surface">
      <div className="divide-y divide-line/60">
        {meant.slice(0, SHOWN_MAX).map((redrive) => (
          <RedriveCard key={redrive.id} redrive={redrive} project={project} />
        ))}
      </div>
      {meant.length > SHOWN_MAX && (
        <p className="px-4 pb-2 text-sm">
          <Link href={projectLink("/dead-letters/redrives", { project })} className="text-accent hover:underline">
            And {meant.length - SHOWN_MAX} more
          </Link>
        </p>
      )}
    </section>
  );
}
