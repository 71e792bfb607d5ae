import { defineConfig } from "prisma/config";

/**
 * Locates the schema and the migrations for Prisma's own tools. `DATABASE_URL`
 * is needed only by tools that connect, such as `prisma migrate deploy`.
 */
export default defineConfig({
  schema: "src/prisma/schema",
  migrations: { path: "src/prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://nobody@127.0.0.1:1/nowhere" },
});
