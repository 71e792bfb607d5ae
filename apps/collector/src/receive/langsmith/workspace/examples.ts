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
 * `<example id>.inputs` and `.outputs`. An example that is there already is changed.
 */
export function writeExamples(workspace: Workspace): Handler {
  return async (request) => {
    const dataset = await objectAt(request, "dataset", workspace);
    const bodies = bodiesOfForm(request.body);
    const { project } = request;
    const ids = [...bodies.keys()];
    const known = await workspace.store.list({ project, kind: "example", parent: dataset.id, ids, limit: ids.length, offset: 0 });
    const knownById = new Map(known.map((example) => [example.id, example]));
    const nowUs = workspace.clock() * 1_000;
    // A microsecond for each, so that examples are listed in the order that they were given in.
    const examples = [...bodies].map(([id, body], index): WorkspaceObject => {
      const before = knownById.get(id);
      const at = {
        createdAtUs: before?.createdAtUs ?? nowUs + index,
        updatedAtUs: Math.max(nowUs + index, (before?.updatedAtUs ?? 0) + 1),
      };
      return { project, kind: "example", parent: dataset.id, id, name: "", body: changed(before?.body ?? {}, body), ...at };
    });
    await workspace.store.put(examples);
    return { count: ids.length, example_ids: ids };
  };
}

const PART = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(inputs|outputs))?$/i;

const EXAMPLES_MAX = 1_000;

function bodiesOfForm(form: Buffer): Map<string, Record<string, unknown>> {
  const { parts, cut } = readMultipart(form);
  if (cut.length > 0) throw new AppError("invalid_input", "the form does not end where its parts do");
  const bodies = new Map<string, Record<string, unknown>>();
  for (const { name, content } of parts) {
    const [, id, field] = PART.exec(name) ?? [];
    if (id === undefined) throw new AppError("invalid_input", `an example has inputs and outputs here; the part "${name}" is neither`);
    const value = parseJson(content);
    const key = id.toLowerCase();
    bodies.set(key, { ...bodies.get(key), ...(field === undefined ? value : { [field]: value }) });
  }
  if (bodies.size > EXAMPLES_MAX) throw new AppError("invalid_input", `more than ${EXAMPLES_MAX} examples in one request`);
  return bodies;
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
