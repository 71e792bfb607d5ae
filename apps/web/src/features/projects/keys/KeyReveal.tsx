"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Tabs } from "../../../components/ui/layout/Tabs.tsx";
import { CopyButton } from "../../../components/ui/text/CopyButton.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { type SdkName, sdksOf } from "./sdks.ts";

type Made = RouterOutputs["projects"]["createKey"];

/** A new key's secret, shown only once, and the settings to paste it with. */
export function KeyReveal({ made, firstSdk, onDone }: { made: Made; firstSdk: SdkName; onDone: () => void }) {
  const trpc = useTRPC();
  const ingest = useQuery(trpc.status.ingest.queryOptions());
  const [sdk, setSdk] = useState(firstSdk);
  const noteRef = useRef<HTMLParagraphElement>(null);
  // The form that had the focus is gone; the focus moves to the start of its replacement, for screen readers.
  useEffect(() => noteRef.current?.focus(), []);
  const { secret, publicKey } = made.credentials;
  const otlpUrl = ingest.data?.otlpUrl;
  return (
    <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-4">
      <p ref={noteRef} tabIndex={-1} className="rounded-md bg-caution-soft px-3 py-2 text-sm text-caution outline-none">
        Copy it now. Signalbox keeps no more than a hash of it, so it cannot be shown again.
      </p>
      <dl className="flex flex-col gap-2">
        {publicKey !== null && <Credential label="Public key" text={publicKey} />}
        <Credential label={publicKey === null ? "Key" : "Secret key"} text={secret} />
      </dl>
      {otlpUrl !== undefined && made.key.scopes.some((scope) => scope === "ingest" || scope === "admin") && (
        <div className="overflow-hidden rounded-lg border border-line-strong bg-surface">
          <Tabs
            label="Settings by SDK"
            value={sdk}
            onChange={setSdk}
            tabs={sdksOf(made.key.kind).map(({ value, label, snippet }) => ({
              value,
              label,
              panel: (
                <div className="relative">
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled by keyboard */}
                  <pre tabIndex={0} className="overflow-x-auto p-4 pr-10 font-mono text-sm">
                    {snippet({ otlpUrl, secret, publicKey })}
                  </pre>
                  <CopyButton
                    text={snippet({ otlpUrl, secret, publicKey })}
                    label={`${label} settings`}
                    className="absolute top-2 right-2 bg-surface"
                  />
                </div>
              ),
            }))}
          />
        </div>
      )}
      <div className="flex justify-end">
        <Button tone="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

function Credential({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex items-center gap-3 rounded-md border border-line-strong bg-surface py-1.5 pr-1.5 pl-3">
      <dt className="w-20 shrink-0 text-sm text-muted">{label}</dt>
      <dd className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">{text}</dd>
      <CopyButton text={text} label={label.toLowerCase()} />
    </div>
  );
}
