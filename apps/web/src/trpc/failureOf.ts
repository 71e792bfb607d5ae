import { TRPCClientError } from "@trpc/client";
import type { Failure } from "../components/ui/state/ErrorState.tsx";

/** The failure of a call, in words to show. A call without any response is `unreachable`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TRPCClientError) {
    const failure: Failure | undefined = error.data?.failure;
    if (failure !== undefined) return failure;
  }
  return {
    code: "unreachable",
    message: "The console's server does not answer.",
    hint: "It may be restarting; check that Signalbox is running.",
  };
}
