import type { WorkspaceObject, WorkspaceStore } from "../clickhouse/index.ts";

/** A workspace in memory, by the rules of the real one. */
export function memoryWorkspace(): WorkspaceStore {
  const objects = new Map<string, WorkspaceObject>();
  return {
    async put(some) {
      for (const object of some) objects.set([object.project, object.kind, object.parent, object.id].join(), object);
    },
    async list({ project, kind, ids = [], name, parent, limit, offset }) {
      return [...objects.values()]
        .filter((object) => object.project === project && object.kind === kind)
        .filter((object) => ids.length === 0 || ids.includes(object.id))
        .filter((object) => (name === undefined || object.name === name) && (parent === undefined || object.parent === parent))
        .sort((a, b) => a.createdAtUs - b.createdAtUs || (a.id < b.id ? -1 : 1))
        .slice(offset, offset + limit);
    },
  };
}
