import { setImmediate as nextTurn } from "node:timers/promises";
import type { WorkspaceObject } from "@signalbox/db/clickhouse";
import { AppError } from "@signalbox/model";
import { parseJson, readMultipart } from "../../../decode/index.ts";
import type { Handler } from "./jsonRoute.ts";
import { changed, isoOfMicros, listQuery, objectAt, type Workspace } from "./workspaceObjects.ts";

/** Lists a dataset's examples. `inline_s3_urls` asks for values in the answer, where they are anyway. */
export function listExamples({ store }: Workspace): Handler {
  return async (request) => {
    const parent = request.query.get("dataset") ?? undefined;
    const query = listQuery(request, "example", ["dataset", "inline_s3_urls"]);
    const examples = await store.list({ ...query, ...(parent === undefined ? {} : { parent }) });
    return examples.map(exampleOf);
  };
}

export function readExample(workspace: Workspace): Handler {
  return async (request) => exampleOf(await objectAt(request, "example", workspace));
}

/**
 * Keeps the examples of a form for the dataset of the path: a part `<example id>` with what is told about the example, and parts
 * `<example id>.inputs` and `.outputs`. An example that is there already is changed. The form may be large: it is read, and its examples are
 * kept, some at a time, so that others have their turn in between.
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
    const nowUs = workspace.clock() * 1_000;
    let kept = 0;
    for (const some of told) {
      const ids = some.map(({ id }) => id);
      const known = await workspace.store.list({ project, kind: "example", parent, ids, limit: ids.length, offset: 0 });
      const knownById = new Map(known.map((example) => [example.id, example]));
      // A microsecond for each, so that examples are listed in the order that they were given in.
      const examples = some.map(({ id, body }, index): WorkspaceObject => {
        const before = knownById.get(id);
        const atUs = nowUs + kept + index;
        const at = { createdAtUs: before?.createdAtUs ?? atUs, updatedAtUs: Math.max(atUs, (before?.updatedAtUs ?? 0) + 1) };
        return { project, kind: "example", parent, id, name: "", body: changed(before?.body ?? {}, body), ...at };
      });
      await workspace.store.put(examples);
      kept += some.length;
    }
    return { count: kept, example_ids: told.flat().map(({ id }) => id) };
  };
}

/** An example in a form: what its parts hold, by the field that each is; null for what is told about the example itself. */
interface ToldExample {
  id: string;
  parts: { field: string | null; content: Buffer }[];
}

const PART = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(inputs|outputs))?$/i;

const EXAMPLES_MAX = 1_000;

/** Reading and keeping this much takes some tens of milliseconds. */
const SLICE_BYTES = 1024 * 1024;

function partsByExample(form: Buffer): ToldExample[] {
  const { parts, cut } = readMultipart(form);
  if (cut.length > 0) throw new AppError("invalid_input", "the form does not end where its parts do");
  const examples = new Map<string, ToldExample>();
  for (const { name, content } of parts) {
    const [, id, field = null] = PART.exec(name) ?? [];
    if (id === undefined) throw new AppError("invalid_input", `an example has inputs and outputs here; the part "${name}" is neither`);
    const key = id.toLowerCase();
    const example = examples.get(key) ?? { id: key, parts: [] };
    example.parts.push({ field, content });
    examples.set(key, example);
  }
  if (examples.size > EXAMPLES_MAX) throw new AppError("invalid_input", `more than ${EXAMPLES_MAX} examples in one request`);
  return [...examples.values()];
}

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

/** From entries, so that a field named `__proto__` is a field like any other. */
function bodyOf(parts: ToldExample["parts"]): Record<string, unknown> {
  const entries = parts.flatMap(({ field, content }): [string, unknown][] => {
    const told = parseJson(content);
    return field === null ? Object.entries(told) : [[field, told]];
  });
  return Object.fromEntries(entries);
}

function exampleOf({ id, parent, body, createdAtUs, updatedAtUs }: WorkspaceObject): Record<string, unknown> {
  const { metadata = null, outputs = null, inputs = {}, ...more } = body;
  return {
    created_at: isoOfMicros(createdAtUs),
    ...more,
    id,
    dataset_id: parent,
    modified_at: isoOfMicros(updatedAtUs),
    inputs,
    outputs,
    metadata,
  };
}
