export { createClickHouse } from "./client.ts";
export { migrateClickHouse } from "./migrate.ts";
