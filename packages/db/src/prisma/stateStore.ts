import { AppError } from "@signalbox/model";
import { z } from "zod";
import { Prisma } from "./generated/client.ts";

/** Prisma's error codes for a missing table or column. */
const SCHEMA_CODES = new Set(["P2021", "P2022"]);

/** Prisma's error code for a timeout of the connection pool; codes that begin with P1 are about the connection itself. */
const POOL_TIMEOUT_CODE = "P2024";

/** Prisma's error code for a failed raw statement, whose cause is in the driver adapter's error. */
const RAW_CODE = "P2010";

/** Errors of Prisma's driver adapter for a lost connection, and PostgreSQL's codes for a server that stops or starts. */
const AWAY_KINDS = new Set(["ConnectionClosed", "DatabaseNotReachable", "SocketTimeout", "TooManyConnections"]);
const AWAY_CODES = new Set(["57P01", "57P02", "57P03"]);

const RawFailure = z.object({
  driverAdapterError: z.object({ cause: z.object({ kind: z.string(), originalCode: z.string().optional() }) }),
});

/** Messages of pg's errors, which have no code, for a connection that is lost or not available in time; Prisma passes them on unchanged. */
const AWAY_MESSAGES = new Set([
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Query read timeout",
  "timeout exceeded when trying to connect",
]);

/** The approximate time in which the supervisor restarts a store. */
const RESTART_MS = 2_000;

/**
 * Runs a query on the state store. Throws an `AppError` that does not reveal its address:
 * `upstream_unavailable` where it does not answer, `infrastructure` where tables are missing.
 */
export async function askStateStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asAppError(error);
  }
}

function asAppError(error: unknown): unknown {
  if (error instanceof Prisma.PrismaClientInitializationError) return notAnswering(error);
  if (!(error instanceof Prisma.PrismaClientKnownRequestError))
    return error instanceof Error && AWAY_MESSAGES.has(error.message) ? notAnswering(error) : error;
  if (error.code.startsWith("P1") || error.code === POOL_TIMEOUT_CODE || isRawAway(error)) return notAnswering(error);
  if (SCHEMA_CODES.has(error.code))
    return new AppError("infrastructure", "The state store (PostgreSQL) has not been brought up to date.", {
      cause: error,
      hint: "`./signalbox up` brings it up to date when it starts.",
    });
  return error;
}

function isRawAway({ code, meta }: Prisma.PrismaClientKnownRequestError): boolean {
  const failure = RawFailure.safeParse(meta);
  if (code !== RAW_CODE || !failure.success) return false;
  const { kind, originalCode = "" } = failure.data.driverAdapterError.cause;
  return AWAY_KINDS.has(kind) || AWAY_CODES.has(originalCode);
}

function notAnswering(cause: unknown): AppError {
  return new AppError("upstream_unavailable", "The state store (PostgreSQL) does not answer.", {
    cause,
    hint: "It restarts by itself; try again in a moment.",
    retryAfterMs: RESTART_MS,
  });
}
