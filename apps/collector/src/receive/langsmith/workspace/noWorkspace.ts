import type { WorkspaceStore } from "@signalbox/db/langsmith";
import { AppError } from "@signalbox/model";

async function refuse(): Promise<never> {
  throw new AppError("upstream_unavailable", "this collector has no state store, where datasets and sessions are kept");
}

/** The workspace of a collector without a state store (DATABASE_URL): it refuses everything. */
export const noWorkspace: WorkspaceStore = { put: refuse, putExamples: refuse, list: refuse };
