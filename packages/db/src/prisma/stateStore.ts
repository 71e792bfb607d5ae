import { AppError } from "@signalbox/model";
import { Prisma } from "./generated/client.ts";

/** Prisma's codes for a table or column that is not there. */
const SCHEMA_CODES = new Set(["P2021", "P2022"]);

/** Prisma's code for a pool whose connections are all taken for too long; what begins with P1 is about the connection itself. */
const POOL_TIMEOUT_CODE = "P2024";

/** A store that the supervisor starts anew is there again after about this long. */
const RESTART_MS = 2_000;

/** Asks the state store. Throws an `AppError` that says nothing of its address: `upstream_unavailable` where it does not answer, `infrastructure` where it has no such tables. */
export async function askStateStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asAppError(error);
  }
}

function asAppError(error: unknown): unknown {
  if (error instanceof Prisma.PrismaClientInitializationError) return notAnswering(error);
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error;
  if (error.code.startsWith("P1") || error.code === POOL_TIMEOUT_CODE) return notAnswering(error);
  if (SCHEMA_CODES.has(error.code))
    return new AppError("infrastructure", "The state store (PostgreSQL) has not been brought up to date.", {
      cause: error,
      hint: "`./signalbox up` brings it up to date when it starts.",
    });
  return error;
}

function notAnswering(cause: unknown): AppError {
  return new AppError("upstream_unavailable", "The state store (PostgreSQL) does not answer.", {
    cause,
    hint: "It restarts by itself; try again in a moment.",
    retryAfterMs: RESTART_MS,
  });
}
