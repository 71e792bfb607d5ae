import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/**
 * Generates the Prisma client, passing on any Prisma flags. Prisma would download an
 * engine that generating does not use; naming any executable in its place prevents that.
 */
const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
const { status } = spawnSync(process.execPath, [prisma, "generate", ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  env,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
