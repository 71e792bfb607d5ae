import { listKnowledgeDocuments, readKnowledgeChunks, readKnowledgeState, replaceVectors, type StoredChunk } from "@signalbox/db/prisma";
import { openKnowledgeBases, searchText, vectorRecords } from "@signalbox/knowledge";
import { AppError, type Findings, KnowledgeQuery } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openMeans, type ProjectFlag } from "./openMeans.ts";
import { forgetDocuments, type KnowledgeMeans } from "./storeKnowledge.ts";

const DOCUMENTS_PER_READ = 100;

/** `signalbox knowledge list`. */
export const knowledgeList: Act<ProjectFlag> = async ({ output, env, flags }) => {
  await using means = await openMeans(env, flags);
  const documents = await listKnowledgeDocuments(means.prisma, means.project);
  output.result({ project: means.project, documents }, () =>
    documents.length === 0
      ? `Project ${means.project} has no documents. Load some: ./signalbox knowledge load FOLDER --project ${means.project}`
      : textTable([
          ["id", "title", "pieces", "loaded"],
          ...documents.map(({ id, title, chunks, updatedAt }) => [
            id,
            title,
            String(chunks),
            `${updatedAt.slice(0, 16).replace("T", " ")} UTC`,
          ]),
        ]),
  );
  return EXIT.pass;
};

/** `signalbox knowledge remove <id>`. */
export const knowledgeRemove: Act<ProjectFlag> = async ({ output, env, args: [id = ""], flags }) => {
  await using means = await openMeans(env, flags);
  const document = (await listKnowledgeDocuments(means.prisma, means.project)).find((listed) => listed.id === id);
  if (document === undefined)
    throw new AppError("not_found", `Project ${means.project} has no document ${id}.`, { hint: "./signalbox knowledge list shows them." });
  await forgetDocuments(means, [document]);
  output.result({ project: means.project, removed: id }, () => `Document ${id} of project ${means.project} is gone.`);
  return EXIT.pass;
};

interface SearchFlags extends ProjectFlag {
  limit: number;
}

/** `signalbox knowledge search <question>`: the passages that an agent of the project would see. */
export const knowledgeSearch: Act<SearchFlags> = async ({ output, env, args: [query], flags }) => {
  await using means = await openMeans(env, flags);
  const { prisma, project, embedder, store } = means;
  const question = parseArguments(KnowledgeQuery, { project, query, limit: flags.limit });
  const rows = {
    state: (name: string) => readKnowledgeState(prisma, name),
    documents: (name: string) => listKnowledgeDocuments(prisma, name),
    chunks: (name: string, ids: readonly string[]) => readKnowledgeChunks(prisma, name, ids),
  };
  const findings = await openKnowledgeBases({ rows, embedder, store, checkEveryMs: 0, nowMs: Date.now }).search(question);
  output.result(findings, () => findingsText(findings));
  return EXIT.pass;
};

function findingsText({ passages, shortfall }: Findings): string {
  const found = passages.map(({ document, title, text }) => `${title === "" ? document : `${title} (${document})`}\n${text}`);
  return [...(shortfall === null ? [] : [shortfall]), ...(found.length === 0 ? ["Nothing was found."] : found)].join("\n\n");
}

/** `signalbox knowledge rebuild`: embeds all chunks anew with the current embedder, and refills a shared vector store with nothing else. */
export const knowledgeRebuild: Act<ProjectFlag> = async ({ output, env, flags }) => {
  await using means = await openMeans(env, flags);
  const { prisma, project, embedder, store } = means;
  const state = await readKnowledgeState(prisma, project);
  if (state === null) throw new AppError("not_found", `Project ${project} has no documents.`);
  const chunks = await embedAgain(means);
  await replaceVectors(prisma, { project, state, embedder: embedder.name, chunks });
  if (store.isShared) {
    await store.delete(project, "all");
    await store.upsert(project, vectorRecords(chunks));
  }
  output.result(
    { project, embedder: embedder.name, chunks: chunks.length },
    () => `${chunks.length} pieces of ${project} have new vectors, by ${embedder.name}.`,
  );
  return EXIT.pass;
};

/** `signalbox knowledge snapshot`: a snapshot of a project's vectors by the vector store's own means. */
export const knowledgeSnapshot: Act<ProjectFlag> = async ({ output, env, flags }) => {
  await using means = await openMeans(env, flags);
  const { project, store } = means;
  const snapshot = await store.snapshot(project);
  if (snapshot === null)
    throw new AppError("not_found", `The ${store.name} store has no copy of ${project} to give.`, {
      hint: "Nothing is lost without: the rows have every vector, and ./signalbox backup has the rows.",
    });
  output.result({ project, store: store.name, snapshot }, () => `${store.name} keeps the vectors of ${project} as ${snapshot}.`);
  return EXIT.pass;
};

async function embedAgain({ prisma, project, embedder }: KnowledgeMeans): Promise<StoredChunk[]> {
  const ids = (await listKnowledgeDocuments(prisma, project)).map(({ id }) => id);
  const again: StoredChunk[] = [];
  for (let at = 0; at < ids.length; at += DOCUMENTS_PER_READ) {
    const chunks = await readKnowledgeChunks(prisma, project, ids.slice(at, at + DOCUMENTS_PER_READ));
    const vectors = await embedder.embed(chunks.map(searchText));
    again.push(...chunks.map((chunk, index) => ({ ...chunk, vector: vectors[index] ?? chunk.vector })));
  }
  return again;
}
