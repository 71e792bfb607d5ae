import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, errorCode, newId } from "@signalbox/model";
import { type ChatRequest, requestHash } from "../chatEndpoint.ts";
import { Cassette } from "./cassette.ts";

const EXTENSION = ".json";

/** A cassette with the hash of its request, which names its file. */
export type NamedCassette = { hash: string; cassette: Cassette };

function isAbsence(error: unknown): boolean {
  return errorCode(error) === "ENOENT";
}

async function readCassette(folder: string, hash: string): Promise<Cassette | null> {
  const path = join(folder, `${hash}${EXTENSION}`);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isAbsence(error)) return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return Cassette.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("invalid_input", `The cassette ${hash} cannot be read.`, { cause, hint: "Delete the file and record it again." });
  }
}

/** The recorded exchange of a request, or null. Refuses a file whose request does not match its name: it was edited. */
export async function findCassette(folder: string, request: ChatRequest): Promise<Cassette | null> {
  const hash = requestHash(request);
  const cassette = await readCassette(folder, hash);
  if (cassette === null || requestHash(cassette.request) === hash) return cassette;
  throw new AppError("invalid_input", `The request in cassette ${hash} is not the one that its name stands for.`, {
    hint: "Record it again; a cassette's request is not edited.",
  });
}

/** Writes an exchange atomically, even if another process writes the same one. */
export async function keepCassette(folder: string, cassette: Cassette): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${requestHash(cassette.request)}${EXTENSION}`);
  const draft = `${path}.${newId()}`;
  await writeFile(draft, `${JSON.stringify(cassette, null, 2)}\n`);
  await rename(draft, path);
}

/** Every cassette of a folder, ordered by name. */
export async function listCassettes(folder: string): Promise<NamedCassette[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (isAbsence(error)) return [];
    throw error;
  });
  const named: NamedCassette[] = [];
  for (const file of files.filter((name) => name.endsWith(EXTENSION)).sort()) {
    const hash = file.slice(0, -EXTENSION.length);
    const cassette = await readCassette(folder, hash);
    if (cassette !== null) named.push({ hash, cassette });
  }
  return named;
}
