import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./segments.ts";

/**
 * The journal's own id (a UUID), created together with its folder. It is part of every deduplication token and seeds every record's
 * checksum: keep it secret.
 */
export async function journalId(folder: string): Promise<string> {
  const path = join(folder, "identity");
  const known = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (known !== null) return known.trim();

  const id = randomUUID();
  const draft = await open(`${path}.new`, "w", 0o600);
  await draft.writeFile(`${id}\n`);
  await draft.sync();
  await draft.close();
  await rename(`${path}.new`, path);
  await syncFolder(folder);
  return id;
}
