"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useState } from "react";
import { Input } from "../../../../components/ui/form/Input.tsx";
import { ClampedText } from "../../../../components/ui/text/ClampedText.tsx";
import { CopyButton } from "../../../../components/ui/text/CopyButton.tsx";

type Span = RouterOutputs["traces"]["span"];

/** The canonical fields of a span as rows like its attributes. */
function known(span: Span): Record<string, string> {
  const { usage } = span;
  const rows = {
    kind: span.kind,
    service: span.service,
    operation: span.operation,
    provider: span.provider,
    model: span.model,
    agent: span.agent,
    session: span.session,
    user: span.user,
    tags: span.tags.join(", "),
    "prompt name": span.promptName,
    "prompt version": span.promptVersion,
    release: span.release,
    environment: span.environment,
    variant: span.variant,
    "tokens cached": usage.cached === null ? null : String(usage.cached),
    "tokens reasoning": usage.reasoning === null ? null : String(usage.reasoning),
    dialect: span.dialect,
    scope: span.scope,
  };
  return Object.fromEntries(Object.entries(rows).filter((row): row is [string, string] => row[1] !== null && row[1] !== ""));
}

/** Every attribute of a span; typing filters by key or value. */
export function SpanAttributes({ span }: { span: Span }) {
  const [wanted, setWanted] = useState("");
  const groups = [
    { title: "Span", rows: known(span) },
    { title: "Attributes", rows: span.attributes },
    { title: "Resource", rows: span.resourceAttributes },
  ].map(({ title, rows }) => ({ title, rows: Object.entries(rows).filter(([key, value]) => says(key, wanted) || says(value, wanted)) }));
  const found = groups.reduce((count, group) => count + group.rows.length, 0);
  return (
    <div className="flex flex-col gap-4 p-4">
      <Input aria-label="Filter attributes" placeholder="Filter by key or value" value={wanted} onValueChange={setWanted} />
      {found === 0 && <p className="text-muted">No attribute says “{wanted}”.</p>}
      {groups
        .filter((group) => group.rows.length > 0)
        .map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-xs font-semibold text-faint">{group.title}</h3>
            <dl>
              {group.rows.toSorted(byKey(group.title)).map(([key, value]) => (
                <div key={key} className="group flex min-h-7 items-start gap-3 border-b border-line/70 py-1">
                  <dt className="w-2/5 shrink-0 font-mono text-sm text-muted [overflow-wrap:anywhere]">{key}</dt>
                  <dd className="flex min-w-0 flex-1 items-start justify-between gap-2 font-mono text-sm">
                    <ClampedText text={value} linesMax={6}>
                      {(shown) => <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{shown}</span>}
                    </ClampedText>
                    <CopyButton text={value} label={key} className="-my-0.5 opacity-0 focus-visible:opacity-100 group-hover:opacity-100" />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </div>
  );
}

const says = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted.trim().toLowerCase());

/** Canonical fields keep their order, attributes are sorted by name. */
function byKey(title: string): (a: [string, string], b: [string, string]) => number {
  return title === "Span" ? () => 0 : ([a], [b]) => (a < b ? -1 : 1);
}
