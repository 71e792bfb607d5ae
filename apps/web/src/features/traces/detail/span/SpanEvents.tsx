import type { RouterOutputs } from "@signalbox/api/client";
import Link from "next/link";
import { formatDuration, nanosBetween } from "../../../../format/duration.ts";
import { projectLink } from "../../../../project/projectParam.ts";
import { useProject } from "../../../../project/useProject.ts";

type Span = RouterOutputs["traces"]["span"];

/** The events and links of a span. */
export function SpanEvents({ span }: { span: Span }) {
  const project = useProject();
  if (span.events.length + span.links.length === 0) return <p className="p-4 text-muted">This span has no events and no links.</p>;
  return (
    <div className="flex flex-col gap-4 p-4">
      {span.events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity of their own and never move
        <section key={index} className="rounded-md border border-line">
          <h3 className="flex items-center justify-between gap-3 border-b border-line px-2.5 py-1 text-sm font-medium">
            <span className="[overflow-wrap:anywhere]">{event.name}</span>
            <span className="shrink-0 text-xs font-normal text-faint tabular-nums">
              +{formatDuration(nanosBetween(span.startTimeUnixNano, event.timeUnixNano))}
            </span>
          </h3>
          <Texts texts={event.attributes} />
        </section>
      ))}
      {span.links.map((link) => (
        <section key={`${link.traceId} ${link.spanId}`} className="rounded-md border border-line">
          <h3 className="border-b border-line px-2.5 py-1 text-sm font-medium">
            <Link
              href={projectLink(`/traces/${link.traceId}?span=${link.spanId}`, { project })}
              className="font-mono text-accent hover:underline"
            >
              Linked span {link.spanId}
            </Link>
          </h3>
          <Texts texts={link.attributes} />
        </section>
      ))}
    </div>
  );
}

function Texts({ texts }: { texts: Record<string, string> }) {
  const rows = Object.entries(texts);
  if (rows.length === 0) return <p className="px-2.5 py-1.5 text-sm text-faint">No attributes</p>;
  return (
    <dl className="px-2.5 py-1.5 font-mono text-sm">
      {rows.map(([key, value]) => (
        <div key={key} className="flex gap-3 py-0.5">
          <dt className="w-2/5 shrink-0 text-muted [overflow-wrap:anywhere]">{key}</dt>
          <dd className="min-w-0 flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
