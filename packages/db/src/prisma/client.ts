import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client.ts";

/**
 * The most statements that a client keeps prepared; a list of another
 * length makes another statement, and these must not pile up on the server.
 */
const PREPARED_STATEMENTS_MAX = 300;

/**
 * Names statements by their text (none beyond the limit), so that PostgreSQL parses and
 * plans each once per connection (half as many tasks per second more on two cores).
 */
function nameStatements(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < PREPARED_STATEMENTS_MAX) names.set(sql, `signalbox_${names.size}`);
    return names.get(sql) ?? "";
  };
}

/**
 * A Prisma client for a PostgreSQL. `connectionsMax` bounds its pool, `answerMsMax` the waits for a connection
 * and for an answer, and the server's work on it (milliseconds); `$disconnect` (or `await using`) closes it.
 */
export function createPrisma(
  databaseUrl: string,
  { connectionsMax = 10, answerMsMax }: { connectionsMax?: number; answerMsMax?: number } = {},
): PrismaClient & AsyncDisposable {
  const patience =
    answerMsMax === undefined ? {} : { connectionTimeoutMillis: answerMsMax, query_timeout: answerMsMax, statement_timeout: answerMsMax };
  const adapter = new PrismaPg(
    { connectionString: databaseUrl, max: connectionsMax, ...patience },
    { statementNameGenerator: nameStatements() },
  );
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 30_000 } });
  return Object.assign(prisma, { [Symbol.asyncDispose]: () => prisma.$disconnect() });
}
