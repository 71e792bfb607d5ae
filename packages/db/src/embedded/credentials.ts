import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import { z } from "zod";

/** The passwords of the embedded stores, generated once per data folder. */
export const Credentials = z.strictObject({ clickhouse: z.string().min(32), postgres: z.string().min(32) });
export type Credentials = z.infer<typeof Credentials>;

/** Reads the passwords of a data folder, and generates them the first time. Only the folder's owner may read the file; two processes at once get the same. */
export function loadCredentials(dataDir: string): Credentials {
  const file = join(dataDir, "credentials.json");
  const fresh = `${file}.${process.pid}`;
  const password = (): string => randomBytes(24).toString("base64url");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(fresh, JSON.stringify({ clickhouse: password(), postgres: password() } satisfies Credentials), { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  const parsed = Credentials.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new AppError("infrastructure", `${file} does not hold the passwords of the embedded stores.`, {
    hint: "Restore it from a backup.",
  });
}
