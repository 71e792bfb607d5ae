import { uuidv7 } from "./uuidv7.ts";

/** A run as LangSmith's clients send it: the fields of its post and of its patch. */
export interface TestRun {
  id: string;
  traceId: string;
  post: Record<string, unknown>;
  patch: Record<string, unknown>;
}

/** A run that begins at `startMs` (milliseconds since 1970) below `parent`, or as the root of a trace. */
export function aRun(over: { name?: string; runType?: string; startMs?: number; parent?: TestRun; outputs?: unknown } = {}): TestRun {
  const { name = "step", runType = "chain", startMs = Date.now() - 1_000, parent, outputs = { output: `${name} done` } } = over;
  const id = uuidv7(startMs);
  const start = `${new Date(startMs).toISOString().slice(0, -1)}001Z`;
  const segment = `${start.replace(/[-:.]/g, "")}${id}`;
  const order = parent === undefined ? segment : `${parent.post.dotted_order}.${segment}`;
  const traceId = parent?.traceId ?? id;
  const place = { id, trace_id: traceId, dotted_order: order, ...(parent === undefined ? {} : { parent_run_id: parent.id }) };
  return {
    id,
    traceId,
    post: {
      ...place,
      name,
      run_type: runType,
      start_time: start,
      session_name: "shop",
      inputs: { input: `${name} please` },
      tags: ["beta"],
    },
    patch: { ...place, name, run_type: runType, session_name: "shop", end_time: startMs + 250, outputs },
  };
}

const BOUNDARY = "----LangSmithFormBoundarytest";

/** A form in the JavaScript client's format: for each operation the main part, and a part for each body. */
export function aForm(operations: readonly { kind: "post" | "patch"; fields: Record<string, unknown> }[]): Buffer {
  const parts = operations.flatMap(({ kind, fields }) => {
    const { inputs, outputs, events, extra, error, ...main } = fields;
    const bodies = Object.entries({ inputs, outputs, events, extra, error }).filter(([, value]) => value !== undefined);
    return [[`${kind}.${fields.id}`, main] as const, ...bodies.map(([name, value]) => [`${kind}.${fields.id}.${name}`, value] as const)];
  });
  return formOf(parts.map(([name, value]) => ({ name, text: JSON.stringify(value) })));
}

export function formOf(parts: readonly { name: string; text: string; type?: string }[]): Buffer {
  const texts = parts.map(
    ({ name, text, type = `application/json; length=${Buffer.byteLength(text)}` }) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`,
  );
  return Buffer.from(`${texts.join("")}--${BOUNDARY}--\r\n`);
}

export function posts(runs: readonly TestRun[]): Buffer {
  return aForm(runs.map(({ post }) => ({ kind: "post" as const, fields: post })));
}

export function patches(runs: readonly TestRun[]): Buffer {
  return aForm(runs.map(({ patch }) => ({ kind: "patch" as const, fields: patch })));
}
