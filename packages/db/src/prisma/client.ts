import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client.ts";

/** A Prisma client on a PostgreSQL. `connectionsMax` bounds its pool; `$disconnect` (or `await using`) closes it. */
export function createPrisma(
  databaseUrl: string,
  { connectionsMax = 10 }: { connectionsMax?: number } = {},
): PrismaClient & AsyncDisposable {
  const adapter = new PrismaPg({ connectionString: databaseUrl, max: connectionsMax });
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 30_000 } });
  return Object.assign(prisma, { [Symbol.asyncDispose]: () => prisma.$disconnect() });
}
