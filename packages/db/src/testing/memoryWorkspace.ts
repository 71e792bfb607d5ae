import type { WorkspaceObject, WorkspaceStore } from "../langsmith/index.ts";

/** A workspace in memory, by the rules of the real one; it keeps only the latest version of a dataset. */
export function memoryWorkspace(): WorkspaceStore {
  const objects = new Map<string, WorkspaceObject>();
  const keep = (object: WorkspaceObject): unknown => objects.set([object.project, object.kind, object.id].join(), object);
  return {
    async put(object) {
      keep(object);
    },
    async putExamples(_project, _datasetId, batches) {
      for (const examples of batches) for (const example of examples) keep(example);
    },
    async deleteExamples(project, ids) {
      for (const id of ids) objects.delete([project, "example", id].join());
    },
    async deleteDataset(project, id) {
      objects.delete([project, "dataset", id].join());
    },
    async list<Kind extends WorkspaceObject["kind"]>({
      project,
      kind,
      ids = [],
      name,
      parent,
      limit,
      offset,
    }: {
      project: string;
      kind: Kind;
      ids?: readonly string[];
      name?: string;
      parent?: string;
      limit: number;
      offset: number;
    }) {
      const isOf = (object: WorkspaceObject): object is Extract<WorkspaceObject, { kind: Kind }> =>
        object.project === project && object.kind === kind;
      return [...objects.values()]
        .filter(isOf)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter((object) => name === undefined || ("name" in object && object.name === name))
        .filter((object) => parent === undefined || ("parent" in object && object.parent === parent))
        .slice(offset, offset + limit);
    },
  };
}
