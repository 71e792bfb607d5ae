/** An object that LangSmith's clients keep beside runs. `id` is a UUID, `body` its fields. */
interface Kept {
  project: string;
  id: string;
  body: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

/** A dataset or a session; its name is unique among those of its kind in the project. */
export type NamedObject = Kept & { kind: "dataset" | "session"; name: string };

/** An example of the dataset `parent`. */
export type ExampleObject = Kept & { kind: "example"; parent: string };

export type WorkspaceObject = NamedObject | ExampleObject;

/**
 * A query for objects, oldest first; examples come in the order of their dataset, from
 * the latest version or the one that was latest at `asOf`, and from any of `splits`.
 */
export interface WorkspaceQuery<Kind extends WorkspaceObject["kind"] = WorkspaceObject["kind"]> {
  project: string;
  kind: Kind;
  ids?: readonly string[];
  name?: string;
  parent?: string;
  asOf?: Date;
  splits?: readonly string[];
  limit: number;
  offset: number;
}

/** Stores the objects that LangSmith's clients keep beside runs. Every method throws an `AppError` where the store is unavailable. */
export interface WorkspaceStore {
  /**
   * Creates or updates an object by its id; resolves when it is durable. Throws `conflict` where another object of its kind has its name.
   */
  put(object: NamedObject): Promise<void>;
  /** Makes one new version of a dataset from new and changed examples, completely or not at all. No batch is empty. */
  putExamples(project: string, datasetId: string, batches: readonly (readonly ExampleObject[])[]): Promise<void>;
  /**
   * Makes one version of each dataset that some examples are of, without them: those of before keep theirs. Throws
   * `not_found` where one of them is in no latest version.
   */
  deleteExamples(project: string, ids: readonly string[]): Promise<void>;
  /** Deletes a dataset with all its versions. Throws `not_found`, and `conflict` where eval runs or experiments are of it. */
  deleteDataset(project: string, id: string): Promise<void>;
  list<Kind extends WorkspaceObject["kind"]>(query: WorkspaceQuery<Kind>): Promise<Extract<WorkspaceObject, { kind: Kind }>[]>;
}
