"use client";
import { TriangleAlert } from "lucide-react";
import { Badge } from "./Badge.tsx";
import { Button } from "./Button.tsx";

export type Failure = { code: string; message: string; hint?: string | undefined };

/** What was asked for is itself refused: the same question gets the same answer. */
const REFUSED = "invalid_input";

/** Says what failed, under which code, and lets one try again where that can help. */
export function ErrorState({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <TriangleAlert className="size-6 text-danger-mark" strokeWidth={1.5} aria-hidden />
      <div className="flex max-w-lg flex-col items-center gap-2">
        <p className="text-md font-semibold">{failure.message}</p>
        {failure.hint !== undefined && <p className="text-muted">{failure.hint}</p>}
        <Badge tone="danger">
          <span className="font-mono">{failure.code}</span>
        </Badge>
      </div>
      {onRetry !== undefined && failure.code !== REFUSED && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
