"use client";
import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Badge } from "../badge/Badge.tsx";
import { Button, buttonStyle } from "../form/Button.tsx";

export type Failure = { code: string; message: string; hint?: string | undefined };

/** Codes of errors that a retry cannot help: the request itself is refused, or its subject does not exist. */
const FINAL = ["invalid_input", "not_found"];

/** Reports an error with its code, and offers a retry if that can help; otherwise `wayOut` links elsewhere. */
export function ErrorState({
  failure,
  onRetry,
  wayOut,
}: {
  failure: Failure;
  onRetry?: () => void;
  wayOut?: { href: string; label: string };
}) {
  const isFinal = FINAL.includes(failure.code);
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <TriangleAlert className="size-6 text-danger-mark" strokeWidth={1.5} aria-hidden />
      <div className="flex max-w-lg flex-col items-center gap-2">
        <p className="text-md font-semibold [overflow-wrap:anywhere]">{failure.message}</p>
        {failure.hint !== undefined && (
          <p className="text-muted">
            <Hint text={failure.hint} />
          </p>
        )}
        <Badge tone="danger">
          <span className="font-mono">{failure.code}</span>
        </Badge>
      </div>
      {onRetry !== undefined && !isFinal && <Button onClick={onRetry}>Try again</Button>}
      {wayOut !== undefined && isFinal && (
        <Link href={wayOut.href} className={buttonStyle()}>
          {wayOut.label}
        </Link>
      )}
    </div>
  );
}

/** An error's hint; text between backticks is shown as code. */
function Hint({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={part} className="rounded-sm bg-sunken px-1 font-mono text-sm text-ink">
        {part}
      </code>
    ),
  );
}
