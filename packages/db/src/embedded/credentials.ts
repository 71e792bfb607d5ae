import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { keptSecret } from "./keptSecret.ts";

/** The passwords of the embedded stores, generated once per data folder. */
export const Credentials = z.strictObject({ clickhouse: z.string().min(32), postgres: z.string().min(32) });
export type Credentials = z.infer<typeof Credentials>;

function parseCredentials(text: string): Credentials | undefined {
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function newPasswords(): string {
  const password = (): string => randomBytes(24).toString("base64url");
  return JSON.stringify({ clickhouse: password(), postgres: password() } satisfies Credentials);
}

/** Reads the passwords of a data folder, generating them the first time. */
export function loadCredentials(dataDir: string): Credentials {
  const file = join(dataDir, "credentials.json");
  const credentials = parseCredentials(keptSecret(file, newPasswords));
  if (credentials !== undefined) return credentials;
  throw new AppError("infrastructure", `${file} does not hold the passwords of the embedded stores.`, {
    hint: "Restore it from a backup.",
  });
}
