import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DOCUMENT_FILE_KINDS, readDocuments } from "@signalbox/knowledge";
import { AppError, type KnowledgeDocument } from "@signalbox/model";

function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  return new AppError("invalid_input", `${path} cannot be read (${cause.code}).`, { cause });
}

/** The readable files below a folder, by name; undefined for a path that is a file. */
async function namesBelow(path: string): Promise<string[] | undefined> {
  const names = await readdir(path, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause);
  });
  return names?.filter((name) => DOCUMENT_FILE_KINDS.some((kind) => name.toLowerCase().endsWith(`.${kind}`))).toSorted();
}

async function documentsOf(path: string, name: string): Promise<KnowledgeDocument[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  return readDocuments(name, text);
}

/** The documents of a file, or of all files below a folder. Throws `invalid_input` naming the faulty file and line, or a duplicate id. */
export async function readKnowledgeFiles(path: string): Promise<KnowledgeDocument[]> {
  const names = await namesBelow(path);
  if (names?.length === 0)
    throw new AppError("invalid_input", `${path} has no document.`, { hint: `Files end with ${DOCUMENT_FILE_KINDS.join(" or ")}.` });
  const files = names === undefined ? [documentsOf(path, basename(path))] : names.map((name) => documentsOf(join(path, name), name));
  const documents = (await Promise.all(files)).flat();
  const seen = new Set<string>();
  for (const { id } of documents) {
    if (seen.has(id)) throw new AppError("invalid_input", `There are two documents with the id ${id}.`);
    seen.add(id);
  }
  return documents;
}
