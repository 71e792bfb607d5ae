import { ChevronRight, ClockAlert, Unlink } from "lucide-react";
import { Badge } from "../../../../components/ui/badge/Badge.tsx";
import { StatusMark } from "../../../../components/ui/badge/StatusMark.tsx";
import { classNames } from "../../../../components/ui/classNames.ts";
import { GridCell } from "../../../../components/ui/table/gridParts.tsx";
import { SpanKindIcon } from "./SpanKindIcon.tsx";
import type { SpanNode } from "./traceTree.ts";

const INDENT_PX = 14;

/** The deepest level that is indented further: the name must stay visible. */
const INDENTED_LEVELS_MAX = 16;

/** A span's name, indented by its level, with its anomalies. */
export function SpanNameCell({
  node,
  isCollapsed,
  onToggle,
}: {
  node: SpanNode;
  isCollapsed: boolean;
  onToggle: (spanId: string) => void;
}) {
  const { span, children, errorsBelow, lost, isSkewed } = node;
  const level = Math.min(node.depth, INDENTED_LEVELS_MAX);
  return (
    <GridCell className="relative flex h-full min-w-0 items-center gap-1.5 pr-2" style={{ paddingLeft: 6 + level * INDENT_PX }}>
      {Array.from({ length: level }, (_, guide) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a level is its index
        <span key={guide} aria-hidden className="absolute inset-y-0 w-px bg-line" style={{ left: 13 + guide * INDENT_PX }} />
      ))}
      {children.length > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={isCollapsed ? "Expand" : "Collapse"}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(span.spanId);
          }}
          className="flex size-4 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-line hover:text-ink"
        >
          <ChevronRight className={classNames("size-3.5 transition-transform duration-100", !isCollapsed && "rotate-90")} aria-hidden />
        </button>
      ) : (
        <span className="size-4 shrink-0" />
      )}
      <SpanKindIcon kind={span.kind} />
      <span className={classNames("truncate text-sm", node.depth === 0 && lost === null && "font-medium")} title={span.name}>
        {span.name}
      </span>
      {isCollapsed && <Badge className="h-4 px-1 tabular-nums">{node.descendants}</Badge>}
      {span.status === "error" && <StatusMark status="error" hideLabel />}
      {span.status !== "error" && errorsBelow > 0 && isCollapsed && (
        <Badge tone="danger" className="h-4 px-1" title={`${errorsBelow} failed below`}>
          {errorsBelow}
        </Badge>
      )}
      {lost !== null && (
        <span
          className="inline-flex shrink-0"
          title={lost === "circle" ? "Its parents form a circle" : `Its parent ${span.parentSpanId} was not received`}
        >
          <Unlink className="size-3.5 text-caution" aria-hidden />
          <span className="sr-only">{lost === "circle" ? "parents form a circle" : "parent not received"}</span>
        </span>
      )}
      {isSkewed && (
        <span className="inline-flex shrink-0" title="It began before its parent: their clocks disagree">
          <ClockAlert className="size-3.5 text-caution" aria-hidden />
          <span className="sr-only">began before its parent</span>
        </span>
      )}
    </GridCell>
  );
}
