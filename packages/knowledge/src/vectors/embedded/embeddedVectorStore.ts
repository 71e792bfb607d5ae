import type { VectorStore } from "../vectorStore.ts";
import { Namespace } from "./namespace.ts";

/** Vectors in the memory of this process. It persists nothing: whoever opens it fills it from the source of truth. */
export function openEmbeddedVectorStore(): VectorStore {
  const namespaces = new Map<string, Namespace>();
  return {
    name: "embedded",
    isShared: false,
    async upsert(name, records) {
      const [first] = records;
      if (first === undefined) return;
      const namespace = namespaces.get(name) ?? new Namespace(first.vector.length);
      await namespace.upsert(records);
      namespaces.set(name, namespace);
    },
    async search(name, query) {
      return namespaces.get(name)?.search(query) ?? [];
    },
    async delete(name, ids) {
      if (ids === "all") namespaces.delete(name);
      else await namespaces.get(name)?.delete(ids);
    },
    snapshot: async () => null,
    async [Symbol.asyncDispose]() {
      namespaces.clear();
    },
  };
}
