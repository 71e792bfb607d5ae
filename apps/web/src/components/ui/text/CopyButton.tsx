"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../form/Button.tsx";

const SHOWN_MS = 1_500;

/** Copies `text`; `label` names it ("trace id"). */
export function CopyButton({ text, label, className }: { text: string | (() => string); label: string; className?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === "function" ? text() : text);
    setIsCopied(true);
  };
  return (
    <Button
      tone="quiet"
      size="smallIcon"
      aria-label={isCopied ? `Copied ${label}` : `Copy ${label}`}
      onClick={copy}
      {...(className === undefined ? {} : { className })}
    >
      {isCopied ? <Check className="size-3.5 text-clear" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
    </Button>
  );
}
