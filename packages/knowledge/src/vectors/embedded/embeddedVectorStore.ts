import { rmSync } from "node:fs";
import { join } from "node:path";
import type { VectorStore } from "../vectorStore.ts";
import { Namespace } from "./namespace.ts";
import { readNamespace, writeNamespace } from "./namespaceFile.ts";

/** Vectors in the memory of this process, and as they were at the last snapshot in files of `folder`, where there is one. */
export function openEmbeddedVectorStore(folder?: string): VectorStore {
  const namespaces = new Map<string, Namespace>();
  const pathOf = (name: string): string | null => (folder === undefined ? null : join(folder, `${encodeURIComponent(name)}.vectors`));

  const namespaceOf = (name: string): Namespace | undefined => {
    const path = pathOf(name);
    const namespace = namespaces.get(name) ?? (path === null ? undefined : readNamespace(path));
    if (namespace !== undefined) namespaces.set(name, namespace);
    return namespace;
  };

  return {
    name: "embedded",
    isShared: false,
    async upsert(name, records) {
      const [first] = records;
      if (first === undefined) return;
      const namespace = namespaceOf(name) ?? Namespace.create(first.vector.length);
      await namespace.upsert(records);
      namespaces.set(name, namespace);
    },
    async search(name, query) {
      return namespaceOf(name)?.search(query) ?? [];
    },
    async delete(name, ids) {
      if (ids !== "all") return namespaceOf(name)?.delete(ids);
      namespaces.delete(name);
      const path = pathOf(name);
      if (path !== null) rmSync(path, { force: true });
    },
    async snapshot(name) {
      const [path, namespace] = [pathOf(name), namespaceOf(name)];
      if (path === null || namespace === undefined) return null;
      writeNamespace(path, namespace);
      return path;
    },
    async [Symbol.asyncDispose]() {
      namespaces.clear();
    },
  };
}
