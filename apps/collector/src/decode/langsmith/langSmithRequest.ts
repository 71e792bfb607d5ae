import { sha256 } from "@signalbox/model";
import { isJsonObject, type JsonObject, parseJson, parseJsonValue, requireFewValues } from "../jsonBody.ts";
import { MalformedBody } from "../malformedBody.ts";
import type { AttributeValue } from "../otlp.ts";
import { jsonText } from "./jsonText.ts";
import { type Part, readMultipart } from "./multipart.ts";
import { isOfSpan, runIdOf } from "./runId.ts";

/**
 * The known fields of a run, under LangSmith's names, without nulls. An attachment is a field `attachment.<name>`; feedback without a trace
 * id is a field `feedback.<id>`.
 */
export type RunFields = Readonly<Record<string, AttributeValue>>;

/** The fields that a request sets on one run. `runId` is 32 lower-case hex digits. */
export interface RunOperation {
  kind: "post" | "attachment" | "feedback" | "patch";
  runId: string;
  fields: RunFields;
}

/** An unusable part as it came (base64 if it is not text), with the reason. */
export interface UnreadablePart {
  reason: string;
  record: string;
}

/** The content of a LangSmith client's request. `feedback` holds the items that can be read without their run. */
export interface LangSmithRequest {
  operations: RunOperation[];
  feedback: JsonObject[];
  unreadable: UnreadablePart[];
}

export const ATTACHMENT_FIELD = "attachment.";
export const FEEDBACK_FIELD = "feedback.";

/** Forms of a request: multipart, or one JSON object with a list for each kind of operation. */
export type LangSmithForm = "multipart" | "batch";

/** Reads an uncompressed request. A bad part does not keep the others from being read. Throws `MalformedBody`. */
export function decodeLangSmith(body: Buffer, form: LangSmithForm): LangSmithRequest {
  return form === "multipart" ? readForm(body) : readBatch(body);
}

const OPERATION = /^(post|patch)\.([^.]+)(?:\.(.+))?$/s;
const ATTACHMENT = /^attachment\.([^.]+)\.(.+)$/s;

function readForm(body: Buffer): LangSmithRequest {
  const { parts, cut } = readMultipart(body);
  requireFewValues(parts.filter(({ name }) => !ATTACHMENT.test(name)).map(({ content }) => content));
  const request = new RequestBuilder();
  for (const part of parts) {
    try {
      readPart(part, request);
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      request.refuse(`the part "${part.name}" cannot be read: ${error.message}`, part.content);
    }
  }
  if (cut.length > 0) request.refuse("the request does not end where its parts do", cut);
  return request.built();
}

function readPart({ name, mediaType, content }: Part, request: RequestBuilder): void {
  const [, attachedTo, file = ""] = ATTACHMENT.exec(name) ?? [];
  const [, operation, ofRun, field] = OPERATION.exec(name) ?? [];
  const kind = operation as "post" | "patch";
  const attachedId = runIdOf(attachedTo);
  const runId = runIdOf(ofRun);
  if (attachedId !== null) request.add("attachment", attachedId, { [`${ATTACHMENT_FIELD}${file}`]: { mediaType, bytes: content.length } });
  else if (runId !== null && field !== undefined) request.add(kind, runId, { [field]: parseJsonValue(content) as AttributeValue });
  else if (runId !== null) request.add(kind, runId, parseJson(content) as RunFields);
  else if (name.startsWith("feedback.")) request.addFeedback(parseJson(content));
  else throw new MalformedBody("it is neither of a run nor feedback");
}

function readBatch(body: Buffer): LangSmithRequest {
  const batch = parseJson(body);
  const request = new RequestBuilder();
  for (const kind of ["post", "patch"] as const) {
    for (const run of listAt(batch, kind)) {
      const runId = isJsonObject(run) ? (runIdOf(run.id) ?? idOfNameless(kind, run)) : null;
      if (runId === null) request.refuse(`an item of "${kind}" is no run: it has no UUID as its id`, run);
      else request.add(kind, runId, run as RunFields);
    }
  }
  for (const feedback of listAt(batch, "feedback")) {
    if (isJsonObject(feedback)) request.addFeedback(feedback);
    else request.refuse("an item of feedback is no object", feedback);
  }
  return request.built();
}

/**
 * An id for a run posted without one, which nobody can patch: the hash of its content, so that it is the same run when sent again. Null if
 * it has an id, or cannot be hashed.
 */
function idOfNameless(kind: "post" | "patch", run: JsonObject): string | null {
  if (kind === "patch" || (run.id ?? null) !== null) return null;
  const text = jsonText(run);
  return text === null ? null : sha256(text).slice(0, 32);
}

function listAt(batch: JsonObject, key: string): readonly unknown[] {
  const list = batch[key] ?? [];
  if (!Array.isArray(list)) throw new MalformedBody(`${key} is not a list`);
  return list;
}

/** Merges everything said about the same run by the same kind of operation; of a repeated field the last value stays. */
class RequestBuilder {
  readonly #operations = new Map<string, RunOperation & { fields: Record<string, AttributeValue> }>();
  readonly #feedback: JsonObject[] = [];
  readonly #unreadable: UnreadablePart[] = [];

  add(kind: RunOperation["kind"], runId: string, fields: RunFields): void {
    const key = `${kind}.${runId}`;
    const operation = this.#operations.get(key) ?? { kind, runId, fields: emptyFields() };
    for (const [name, value] of Object.entries(fields)) if (value !== null) operation.fields[name] = value;
    this.#operations.set(key, operation);
  }

  /**
   * Feedback without a trace id waits with its run, which has one. The exception is feedback on a run that is reported over OpenTelemetry
   * only, since such a run never comes by this route.
   */
  addFeedback(feedback: JsonObject): void {
    const runId = runIdOf(feedback.run_id);
    if (runId === null || isOfSpan(runId) || runIdOf(feedback.trace_id) !== null) this.#feedback.push(feedback);
    else this.add("feedback", runId, { [`${FEEDBACK_FIELD}${feedback.id ?? feedback.key}`]: feedback as AttributeValue });
  }

  refuse(reason: string, record: unknown): void {
    this.#unreadable.push({ reason, record: Buffer.isBuffer(record) ? textOf(record) : (jsonText(record) ?? "") });
  }

  built(): LangSmithRequest {
    return { operations: [...this.#operations.values()], feedback: this.#feedback, unreadable: this.#unreadable };
  }
}

/** An object without a prototype, so that a field named `__proto__` is a field like any other. */
export function emptyFields(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("base64");
  }
}
