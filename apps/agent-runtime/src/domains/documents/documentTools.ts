import { changedAmong, DOCUMENT_STORE, listOverlaidDocuments, type ToolEffect } from "@signalbox/db/prisma";
import { canonicalHash, type DocumentReader, type ToolDefinition, type ToolRequest, type WorldDocument } from "@signalbox/model";
import { callInWorld } from "../callInWorld.ts";
import type { Domain } from "../domain.ts";
import type { DocumentTool } from "./documentTool.ts";

/** The tools as they are described to a planner, sorted by name. */
export function definitionsOf(tools: readonly DocumentTool[]): ToolDefinition[] {
  return tools.map(({ definition }) => definition).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Runs one call on the data that `reader` gives. An unknown tool, or a refusal, leaves nothing. */
export async function runDocumentTool(
  tools: readonly DocumentTool[],
  reader: DocumentReader,
  call: ToolRequest,
): Promise<ToolEffect<WorldDocument>> {
  const tool = tools.find(({ definition }) => definition.name === call.name);
  if (tool !== undefined) return tool.run(reader, call.arguments);
  return { answer: { output: `Error: there is no tool ${JSON.stringify(call.name)}`, isError: true, endsEpisode: false }, writes: [] };
}

/**
 * Tools on documents, working on PostgreSQL. A scene's hash covers its world's digest and the overlay's changes: equal states of a world
 * have equal hashes.
 */
export function openDocumentTools(tools: readonly DocumentTool[]): Domain["openTools"] {
  return (prisma) => ({
    call: callInWorld(prisma, DOCUMENT_STORE, (reader, call) => runDocumentTool(tools, reader, call)),
    async state(scene) {
      const { worldDigest, documents } = await listOverlaidDocuments(prisma, scene);
      const changed = Object.fromEntries(changedAmong(documents).map(({ kind, id, text }) => [`${kind}/${id}`, text]));
      const dataHash = canonicalHash({ world: worldDigest, changed });
      return { changed, dataHash };
    },
  });
}
