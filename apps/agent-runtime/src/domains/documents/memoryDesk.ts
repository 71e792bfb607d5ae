import type { DocumentReader, ToolRequest, WorldDocument } from "@signalbox/model";
import type { DocumentTool } from "./documentTool.ts";
import { runDocumentTool } from "./documentTools.ts";

/** Tools on a world in memory, for running them without a database: each call sees the effects of earlier ones. */
export function openMemoryDesk(tools: readonly DocumentTool[], world: readonly WorldDocument[]) {
  const keyOf = ({ kind, id }: Pick<WorldDocument, "kind" | "id">): string => `${kind}/${id}`;
  const documents = new Map(world.map((document) => [keyOf(document), document]));
  const left = new Map<string, unknown>();
  const reader: DocumentReader = {
    get: async (kind, id) => documents.get(`${kind}/${id}`)?.document,
    list: async (kind, owner) =>
      [...documents.values()]
        .filter((document) => document.kind === kind && document.owner === owner)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ document }) => document),
  };
  return {
    /** The documents written so far, by kind and id. */
    left,
    async call({ name, arguments: given }: ToolRequest) {
      const { answer, writes } = await runDocumentTool(tools, reader, { name, arguments: given });
      for (const write of writes) {
        documents.set(keyOf(write), write);
        left.set(keyOf(write), write.document);
      }
      return answer;
    },
  };
}
