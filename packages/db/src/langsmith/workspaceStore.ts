import type { PrismaClient } from "../prisma/generated/client.ts";
import { deleteDatasetObject, listDatasetObjects, putDataset } from "./datasetObjects.ts";
import { deleteExamples, listExampleObjects, putExamples } from "./exampleObjects.ts";
import { listSessionObjects, putSession } from "./sessionObjects.ts";
import type { WorkspaceObject, WorkspaceQuery, WorkspaceStore } from "./workspace.ts";

const LISTS = { dataset: listDatasetObjects, example: listExampleObjects, session: listSessionObjects };

/**
 * The workspace of LangSmith's clients in the state store: their datasets and examples are
 * the project's datasets and items, and vice versa. `clock` is milliseconds since 1970.
 */
export function createWorkspaceStore(prisma: PrismaClient, clock: () => number): WorkspaceStore {
  const now = (): Date => new Date(clock());
  return {
    put: (object) => (object.kind === "dataset" ? putDataset(prisma, object) : putSession(prisma, object, now())),
    putExamples: (project, datasetId, batches) => putExamples(prisma, { project, datasetId, batches, now: now() }),
    deleteExamples: (project, ids) => deleteExamples(prisma, { project, ids, now: now() }),
    deleteDataset: (project, id) => deleteDatasetObject(prisma, project, id),
    list: <Kind extends WorkspaceObject["kind"]>(query: WorkspaceQuery<Kind>) =>
      LISTS[query.kind](prisma, query) as Promise<Extract<WorkspaceObject, { kind: Kind }>[]>,
  };
}
