import type { ReactNode } from "react";
import { classNames } from "../../components/ui/classNames.ts";

/** A sentence about the current state, with an icon. */
export function Line({ icon, tone, children }: { icon: ReactNode; tone: "plain" | "caution" | "danger"; children: ReactNode }) {
  return (
    <p
      className={classNames(
        "flex items-center gap-2 border-b border-line px-4 py-2.5 tabular-nums last:border-0",
        tone === "caution" && "bg-caution-soft text-caution",
        tone === "danger" && "bg-danger-soft font-medium text-danger",
      )}
    >
      <span className="shrink-0">{icon}</span>
      <span>{children}</span>
    </p>
  );
}
