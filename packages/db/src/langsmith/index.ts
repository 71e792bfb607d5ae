export { type DueExperiment, listDueExperiments, postponeLook } from "./dueExperiments.ts";
export { type FoldedExperiment, foldExperiment } from "./foldExperiment.ts";
export { moveWorkspace } from "./moveWorkspace.ts";
export { createRunReader, type RunPlace, type RunQuery, type RunReader, type SessionOfRuns, type StoredRun } from "./runReader.ts";
export type { ExampleObject, NamedObject, WorkspaceObject, WorkspaceQuery, WorkspaceStore } from "./workspace.ts";
export { createWorkspaceStore } from "./workspaceStore.ts";
