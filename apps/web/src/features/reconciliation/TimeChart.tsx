"use client";
import { classNames } from "../../components/ui/classNames.ts";
import { formatCount } from "../../format/amounts.ts";
import { formatMoment } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import type { TimeStep } from "./byTime.ts";

/** What a bar is made of, from its top. */
const LAYERS = [
  { id: "missing", label: "Missing", className: "bg-danger-mark" },
  { id: "rejected", label: "Rejected", className: "bg-caution-mark" },
  { id: "refused", label: "Refused", className: "bg-caution-mark/60" },
  { id: "sampled", label: "Sampled out", className: "bg-line-strong" },
  { id: "deleted", label: "Deleted", className: "bg-line-strong/60" },
  { id: "deduplicated", label: "Replaced", className: "bg-accent/30" },
  { id: "readable", label: "Readable", className: "bg-accent/75" },
] as const;

/** What became of the records of each step of time; steps that are not over yet are pale. */
export function TimeChart({ steps }: { steps: readonly TimeStep[] }) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const momentOf = ({ time }: TimeStep): string => formatMoment(time * 1_000, zone).slice(0, 16);
  const heightOf = ({ counts }: TimeStep): number => LAYERS.reduce((sum, { id }) => sum + Math.max(0, counts[id] ?? 0), 0);
  const most = steps.reduce((max, step) => Math.max(max, heightOf(step)), 1);
  const shown = LAYERS.filter(({ id }) => steps.some(({ counts }) => (counts[id] ?? 0) > 0));
  const [first, last] = [steps[0], steps.at(-1)];
  return (
    <figure className="px-4 pt-4 pb-3">
      <figcaption className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
        {shown.map(({ id, label, className }) => (
          <span key={id} className="flex items-center gap-1.5">
            <span className={classNames("size-2.5 rounded-[2px]", className)} aria-hidden />
            {label}
          </span>
        ))}
        <span className="ml-auto text-faint tabular-nums">highest: {formatCount(most)}</span>
      </figcaption>
      <div className="flex h-28 items-end gap-px" aria-hidden>
        {steps.map((step) => (
          <div
            key={step.time}
            title={`${momentOf(step)}\n${LAYERS.map(({ id, label }) => `${label}: ${formatCount(step.counts[id] ?? 0)}`).join("\n")}${step.isWrong ? "\nDoes not add up" : ""}`}
            className={classNames(
              "flex h-full min-w-0 flex-1 flex-col justify-end hover:bg-hover",
              !step.isClosed && "opacity-50",
              step.isWrong && "bg-danger-soft shadow-[inset_0_2px_0_var(--danger-mark)]",
            )}
          >
            {heightOf(step) === 0 && <div className="h-px bg-line" />}
            {shown.map(({ id, className }) => {
              const count = step.counts[id] ?? 0;
              return count > 0 && <div key={id} className={className} style={{ height: `${(count / most) * 100}%`, minHeight: 2 }} />;
            })}
          </div>
        ))}
      </div>
      <div className="flex justify-between pt-1 text-xs text-faint tabular-nums">
        <span>{first === undefined ? "" : momentOf(first)}</span>
        <span>{last === undefined ? "" : momentOf(last)}</span>
      </div>
    </figure>
  );
}
