import type { WorkspaceStore } from "@signalbox/db/langsmith";
import { AppError } from "@signalbox/model";

async function refuse(): Promise<never> {
  throw new AppError("upstream_unavailable", "this collector has no state store, where datasets and sessions are kept");
}

/** The workspace of a collector that was not told of a state store (DATABASE_URL). */
export const noWorkspace: WorkspaceStore = {
  ...{ put: refuse, putExamples: refuse, list: refuse, deleteExamples: refuse, deleteDataset: refuse },
};
