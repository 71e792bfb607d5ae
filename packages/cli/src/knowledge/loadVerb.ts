import { listKnowledgeDocuments, requireProject } from "@signalbox/db/prisma";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { readKnowledgeFiles } from "./knowledgeFiles.ts";
import { openMeans, type ProjectFlag } from "./openMeans.ts";
import { digestOf, forgetDocuments, storeDocuments } from "./storeKnowledge.ts";

/** The number of documents stored at once. */
const DOCUMENTS_PER_BATCH = 50;

interface LoadFlags extends ProjectFlag {
  prune?: boolean;
}

/** `signalbox knowledge load <path>`: 0 when every document is stored. Loading the same again changes nothing. */
export const knowledgeLoad: Act<LoadFlags> = async ({ output, env, args: [path = ""], flags }) => {
  // Everything is read before anything is stored, so that a mistake in the last file shows at once.
  const documents = await readKnowledgeFiles(path);
  await using means = await openMeans(env, flags);
  await requireProject(means.prisma, means.project);
  const known = new Map((await listKnowledgeDocuments(means.prisma, means.project)).map((listed) => [listed.id, listed]));
  const wanted = documents.filter((document) => known.get(document.id)?.digest !== digestOf(document));
  const replaced = wanted.flatMap(({ id }) => known.get(id) ?? []);

  const progress = startProgress(output, "Documents", wanted.length);
  let chunks = 0;
  try {
    for (let at = 0; at < wanted.length; at += DOCUMENTS_PER_BATCH) {
      const batch = wanted.slice(at, at + DOCUMENTS_PER_BATCH);
      chunks += await storeDocuments(
        means,
        batch,
        batch.flatMap(({ id }) => known.get(id) ?? []),
      );
      progress.update(at + batch.length);
    }
  } finally {
    progress.stop();
  }
  for (const { id } of documents) known.delete(id);
  const gone = flags.prune === true ? [...known.values()] : [];
  if (gone.length > 0) await forgetDocuments(means, gone);

  const report = {
    ...{ project: means.project, added: wanted.length - replaced.length, changed: replaced.length },
    ...{ unchanged: documents.length - wanted.length, removed: gone.length, chunks },
  };
  output.result(
    report,
    () =>
      `${report.added} documents are new in ${report.project}, ${report.changed} changed, ${report.unchanged} stayed as they were, ${report.removed} went: ${chunks} pieces were written.`,
  );
  return EXIT.pass;
};
