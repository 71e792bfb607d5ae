import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Says why a place is empty, and what to do about it. */
export function EmptyState({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <Icon className="size-6 text-faint" strokeWidth={1.5} aria-hidden />
      <h2 className="text-md font-semibold">{title}</h2>
      <div className="flex max-w-md flex-col items-center gap-3 text-muted">{children}</div>
    </div>
  );
}
