import { setImmediate as nextTurn } from "node:timers/promises";
import type { ExampleObject } from "@signalbox/db/langsmith";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { bodyOf, partsByExample, type ToldExample } from "./exampleForm.ts";
import type { Handler } from "./jsonRoute.ts";
import { changed, listQuery, objectAt, type Workspace } from "./workspaceObjects.ts";

const Moment = z.iso
  .datetime({ offset: true, local: true })
  .transform((text) => new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`));

/** A time to look at a dataset as it was; its latest version where a client asks for that by its tag. */
function asOfIn(query: URLSearchParams): { asOf?: Date } {
  const asOf = query.get("as_of");
  if (asOf === null || asOf === "latest") return {};
  const parsed = Moment.safeParse(asOf);
  if (!parsed.success) throw new AppError("invalid_input", `as_of is a time or "latest" here, and not ${JSON.stringify(asOf)}`);
  return { asOf: parsed.data };
}

const SPLITS_MAX = 100;

/** Lists a dataset's examples. `inline_s3_urls` asks for values in the answer, where they are anyway. */
export function listExamples({ store }: Workspace): Handler {
  return async (request) => {
    const parent = request.query.get("dataset") ?? undefined;
    const query = listQuery(request, "example", ["dataset", "inline_s3_urls", "as_of", "splits"]);
    const splits = request.query.getAll("splits");
    if (splits.length > SPLITS_MAX) throw new AppError("invalid_input", `more than ${SPLITS_MAX} splits`);
    const examples = await store.list({ ...query, ...asOfIn(request.query), splits, ...(parent === undefined ? {} : { parent }) });
    return examples.map(exampleOf);
  };
}

export function readExample(workspace: Workspace): Handler {
  return async (request) => exampleOf(await objectAt(request, "example", workspace));
}

/**
 * Keeps the examples of a form for the dataset of the path: a part `<example id>` with what is told about the example, and
 * parts `<example id>.inputs` and `.outputs`. An example that is there already is changed. A form is one version of the
 * dataset. It may be large: it is read, and its examples are kept, some at a time, so that others have their turn in between.
 */
export function writeExamples(workspace: Workspace): Handler {
  return async (request) => {
    const { id: parent } = await objectAt(request, "dataset", workspace);
    const told = [];
    for (const some of inSlices(partsByExample(request.body))) {
      told.push(some.map(({ id, parts }) => ({ id, body: bodyOf(parts) })));
      await nextTurn();
    }
    const { project } = request;
    const at = new Date(workspace.clock());
    const batches: ExampleObject[][] = [];
    for (const some of told) {
      const ids = some.map(({ id }) => id);
      const known = await workspace.store.list({ project, kind: "example", parent, ids, limit: ids.length, offset: 0 });
      const knownById = new Map(known.map((example) => [example.id, example]));
      batches.push(
        some.map(({ id, body }) => {
          const before = knownById.get(id);
          const after = { body: changed(before?.body ?? {}, body), createdAt: before?.createdAt ?? at, updatedAt: at };
          return { project, kind: "example", parent, id, ...after };
        }),
      );
    }
    if (batches.length > 0) await workspace.store.putExamples(project, parent, batches);
    const ids = told.flat().map(({ id }) => id);
    return { count: ids.length, example_ids: ids };
  };
}

/** Reading and keeping this much takes some tens of milliseconds. */
const SLICE_BYTES = 1024 * 1024;

/** Examples in their order, cut where a slice has enough; a larger one goes alone. */
function inSlices(examples: readonly ToldExample[]): ToldExample[][] {
  const slices: ToldExample[][] = [];
  let bytes = SLICE_BYTES;
  for (const example of examples) {
    if (bytes >= SLICE_BYTES) {
      slices.push([]);
      bytes = 0;
    }
    slices.at(-1)?.push(example);
    bytes += example.parts.reduce((sum, { content }) => sum + content.length, 0);
  }
  return slices;
}

function exampleOf({ id, parent, body, createdAt, updatedAt }: ExampleObject): Record<string, unknown> {
  const { metadata = null, outputs = null, inputs = {}, ...more } = body;
  return {
    created_at: createdAt.toISOString(),
    ...more,
    id,
    dataset_id: parent,
    modified_at: updatedAt.toISOString(),
    inputs,
    outputs,
    metadata,
  };
}
