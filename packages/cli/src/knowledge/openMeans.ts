import { embeddingsSettings, openEmbedder, openVectorStore, vectorStoreSettings } from "@signalbox/knowledge";
import { ProjectName } from "@signalbox/model";
import { z } from "zod";
import type { ConfigFlags } from "../config.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import type { KnowledgeMeans } from "./storeKnowledge.ts";

/** The flag of all knowledge verbs. */
export interface ProjectFlag {
  project: string;
}

/** Opens the stores of a project's knowledge; disposing closes them. */
export async function openMeans(env: NodeJS.ProcessEnv, flags: ConfigFlags & ProjectFlag): Promise<KnowledgeMeans & AsyncDisposable> {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: flags.project });
  await using opening = new AsyncDisposableStack();
  const embedder = openEmbedder(embeddingsSettings(env));
  const store = opening.use(await openVectorStore(vectorStoreSettings(env)));
  const prisma = opening.use(openStateStore(loadConfig(env, flags)));
  const opened = opening.move();
  return { prisma, project, embedder, store, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
