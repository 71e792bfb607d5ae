"use client";
import { formatCompact, formatCount } from "../../format/amounts.ts";
import { useBadge } from "./useBadge.ts";

/** The number of open dead letters, beside their link; nothing if there are none. */
export function DeadLetterBadge() {
  const badge = useBadge();
  if (badge === undefined || badge.open === 0) return null;
  const { open, recent } = badge;
  const title = `${formatCount(open)} open${recent === 0 ? "" : `, ${formatCount(recent)} of them within the last hour`}`;
  return (
    <span
      title={title}
      className="relative ml-1.5 inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-[oklch(0.5_0.19_28)] px-1 text-xs font-semibold text-board-ink tabular-nums"
    >
      <span aria-hidden>
        {formatCompact(open)}
        {recent > 0 && "↑"}
      </span>
      <span className="sr-only">{title}</span>
    </span>
  );
}
