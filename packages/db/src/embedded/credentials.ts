import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { makeFolder } from "./makeFolder.ts";

/** The passwords of the embedded stores, generated once per data folder. */
export const Credentials = z.strictObject({ clickhouse: z.string().min(32), postgres: z.string().min(32) });
export type Credentials = z.infer<typeof Credentials>;

/** What a file holds; undefined when there is none. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes new passwords, for the folder's owner alone, unless another process has done so meanwhile. Nobody sees half of the file. */
function generate(file: string): void {
  const draft = `${file}.${process.pid}`;
  const password = (): string => randomBytes(24).toString("base64url");
  makeFolder(dirname(file));
  try {
    writeFileSync(draft, JSON.stringify({ clickhouse: password(), postgres: password() } satisfies Credentials), { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function parseCredentials(text: string): Credentials | undefined {
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Reads the passwords of a data folder, and generates them the first time. Once they are there nothing is written: a full disk must not hide them. */
export function loadCredentials(dataDir: string): Credentials {
  const file = join(dataDir, "credentials.json");
  let text = readIfThere(file);
  if (text === undefined) {
    generate(file);
    text = readFileSync(file, "utf8");
  }
  const credentials = parseCredentials(text);
  if (credentials !== undefined) return credentials;
  throw new AppError("infrastructure", `${file} does not hold the passwords of the embedded stores.`, {
    hint: "Restore it from a backup.",
  });
}
