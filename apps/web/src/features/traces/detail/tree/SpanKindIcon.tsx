import { classNames } from "../../../../components/ui/classNames.ts";
import { SPAN_KINDS } from "./spanKinds.ts";
import type { SpanOutline } from "./traceTree.ts";

/** A span's kind as an icon, with its name for screen readers. */
export function SpanKindIcon({ kind, className }: { kind: SpanOutline["kind"]; className?: string }) {
  const { icon: Icon, label, text } = SPAN_KINDS[kind];
  return (
    <span className="inline-flex shrink-0" title={label}>
      <Icon className={classNames("size-3.5", text, className)} aria-hidden />
      <span className="sr-only">{label}:</span>
    </span>
  );
}
