"use client";
import Link from "next/link";
import { useState } from "react";
import { buttonStyle } from "../../../../components/ui/form/Button.tsx";
import { Tabs } from "../../../../components/ui/layout/Tabs.tsx";
import { CopyButton } from "../../../../components/ui/text/CopyButton.tsx";
import { projectLink } from "../../../../project/projectParam.ts";
import { curlSnippet, environmentSnippet, nodeSnippet } from "./snippets.ts";

const WAYS = [
  { value: "node", label: "Node", snippet: nodeSnippet },
  { value: "curl", label: "curl", snippet: curlSnippet },
  { value: "environment", label: "Already instrumented", snippet: environmentSnippet },
] as const;

/**
 * Instructions while nothing was ever received: a program to copy, with the real endpoint; or a key to create, which projects other than
 * the default one need. The list shows the first trace by itself.
 */
export function FirstTrace({ otlpUrl, project }: { otlpUrl: string; project: string }) {
  const [way, setWay] = useState<(typeof WAYS)[number]["value"]>("node");
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-6 py-10">
      <div>
        <h2 className="text-xl font-semibold tracking-tight">Send a first trace</h2>
        <p className="mt-1 text-muted">
          Signalbox takes OpenTelemetry over HTTP at <code className="font-mono text-sm text-ink">{otlpUrl}</code>
          {project === "default" ? ", without a key from this machine." : `; what comes with a key of project ${project} is shown here.`}
        </p>
        {project !== "default" && (
          <Link href={projectLink("/projects", { project })} className={buttonStyle({ tone: "primary", className: "mt-3" })}>
            Make a key
          </Link>
        )}
      </div>
      {project === "default" && (
        <div className="overflow-hidden rounded-lg border border-line-strong bg-surface">
          <Tabs
            label="Ways to send a trace"
            value={way}
            onChange={setWay}
            tabs={WAYS.map(({ value, label, snippet }) => ({
              value,
              label,
              panel: (
                <div className="relative">
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled by keyboard */}
                  <pre tabIndex={0} className="overflow-x-auto p-4 font-mono text-sm">
                    {snippet(otlpUrl)}
                  </pre>
                  <CopyButton text={snippet(otlpUrl)} label="snippet" className="absolute top-2 right-2 bg-surface" />
                </div>
              ),
            }))}
          />
        </div>
      )}
      <p role="status" className="flex items-center gap-2.5 text-muted">
        <span aria-hidden className="relative flex size-2">
          <span className="absolute inset-0 animate-ping rounded-full bg-caution-mark opacity-60" />
          <span className="size-2 rounded-full bg-caution-mark" />
        </span>
        Waiting for the first span…
      </p>
    </div>
  );
}
