import { defineConfig } from "prisma/config";

/**
 * Where Prisma's own tools find schema and migrations. `DATABASE_URL` is
 * only needed by those that connect, such as `prisma migrate deploy`.
 */
export default defineConfig({
  schema: "src/prisma/schema",
  migrations: { path: "src/prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://nobody@127.0.0.1:1/nowhere" },
});
