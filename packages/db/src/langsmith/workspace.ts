/** Something that LangSmith's clients keep beside runs. `id` is a UUID, `body` what they say of it. */
interface Kept {
  project: string;
  id: string;
  body: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

/** A dataset or a session: nothing else of its kind in the project has its name. */
export type NamedObject = Kept & { kind: "dataset" | "session"; name: string };

/** An example of the dataset `parent`. */
export type ExampleObject = Kept & { kind: "example"; parent: string };

export type WorkspaceObject = NamedObject | ExampleObject;

/**
 * Which objects to list, oldest first; examples in the order of their
 * dataset, those of the latest version, or of the one that was so at `asOf`, and of any of `splits`.
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

/** Keeps what LangSmith's clients keep beside runs. Every method throws an `AppError` where the store is not well. */
export interface WorkspaceStore {
  /**
   * Returns when the object is durable: a new one, or what is there of its id
   * as it is now. Throws `conflict` where another one of its kind has its name.
   */
  put(object: NamedObject): Promise<void>;
  /** Makes one version of a dataset of some examples, new ones and others as they are now, whole or not at all. No batch is empty. */
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
