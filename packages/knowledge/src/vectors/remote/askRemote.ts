import { AppError } from "@signalbox/model";

/** The HTTP status in a client's error, undefined where no answer came. */
export type StatusOf = (error: unknown) => number | undefined;

function failureOf(store: string, status: number | undefined, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (status === 401 || status === 403)
    return new AppError("infrastructure", `${store} refuses the key.`, { cause, hint: "SIGNALBOX_VECTOR_STORE_KEY is what opens it." });
  if (status === 400 || status === 422)
    return new AppError("invalid_input", `${store} refuses a request: ${cause instanceof Error ? cause.message : status}`, { cause });
  return new AppError("upstream_unavailable", status === undefined ? `${store} does not answer.` : `${store} answered ${status}.`, {
    cause,
  });
}

/** Asks a remote store; a failure becomes an `AppError` that names it. */
export async function askRemote<T>(store: string, statusOf: StatusOf, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw failureOf(store, statusOf(error), error);
  });
}

/** Like `askRemote`, but returns `missing` where the requested thing does not exist. */
export async function askOrMissing<T>(store: string, statusOf: StatusOf, missing: T, work: () => Promise<T>): Promise<T> {
  return askRemote(store, statusOf, () =>
    work().catch((error: unknown) => {
      if (statusOf(error) === 404) return missing;
      throw error;
    }),
  );
}
