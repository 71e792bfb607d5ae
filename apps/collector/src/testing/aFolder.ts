import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder; disposing it deletes it. */
export async function aFolder() {
  const folder = await mkdtemp(join(tmpdir(), "collector-"));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
