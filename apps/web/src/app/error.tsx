"use client";
import { ErrorState } from "../components/ui/state/ErrorState.tsx";

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState
      failure={{ code: error.digest ?? "console", message: "This screen ran into a defect of ours.", hint: error.message }}
      onRetry={reset}
    />
  );
}
