import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/**
 * Generates the Prisma client, with Prisma's own flags if there are any. Prisma wants to download
 * an engine that generating does not use; any executable in its place keeps it from that.
 */
const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
const { status } = spawnSync(process.execPath, [prisma, "generate", ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  env,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
