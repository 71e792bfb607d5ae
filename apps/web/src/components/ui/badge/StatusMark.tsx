import { classNames } from "../classNames.ts";

export type Status = "ok" | "error" | "incomplete" | "unset";

const MARKS: Record<Status, { label: string; className: string; shape: "disc" | "cross" | "ring" }> = {
  ok: { label: "OK", className: "text-clear-mark", shape: "disc" },
  unset: { label: "OK", className: "text-clear-mark", shape: "disc" },
  error: { label: "Error", className: "text-danger-mark", shape: "cross" },
  incomplete: { label: "Root not received", className: "text-caution-mark", shape: "ring" },
};

/** A status by shape and colour, with its name visible or for screen readers only. */
export function StatusMark({ status, hideLabel = false }: { status: Status; hideLabel?: boolean }) {
  const { label, className, shape } = MARKS[status];
  return (
    <span className="inline-flex items-center gap-1.5" title={hideLabel ? label : undefined}>
      <svg viewBox="0 0 12 12" className={classNames("size-3 shrink-0", className)} aria-hidden>
        {shape === "disc" && <circle cx="6" cy="6" r="3.5" fill="currentColor" />}
        {shape === "ring" && <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 2" />}
        {shape === "cross" && (
          <>
            <circle cx="6" cy="6" r="6" fill="currentColor" />
            <path d="M4 4l4 4M8 4l-4 4" stroke="var(--raised)" strokeWidth="1.5" strokeLinecap="round" />
          </>
        )}
      </svg>
      <span className={hideLabel ? "sr-only" : undefined}>{label}</span>
    </span>
  );
}
