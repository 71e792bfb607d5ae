import { hash } from "node:crypto";
import { canonicalJson, jsonText, type StoredDecision } from "@signalbox/model";
import type pg from "pg";
import { copyLines } from "./copyLines.ts";

/** What of the log is read: the tasks of `tasks` (a condition on `decision`), and which entries count as signed. */
export type DecisionScan = { tasks: string; signedSize: number };

const COLUMNS = [
  ...["d.task_id", "d.seq", "d.prev_hash", "d.hash", "d.project", "d.kind", "d.time", "d.actor_service", "d.actor_version", "d.attempt"],
  ...["d.trace_id", "d.span_id", "d.chosen", "d.confidence", "d.reason", "d.detail", "e.hash", "e.position"],
].join(", ");

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text of a field of `COPY`; null is `\N`. */
function fieldText(field: string): string | null {
  if (field === "\\N") return null;
  return field.includes("\\") ? field.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character) : field;
}

/** A time of PostgreSQL's in UTC as decisions have it: ISO 8601 with milliseconds. */
function isoTime(text: string): string {
  const fraction = text.slice(20, text.indexOf("+", 19));
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, "0")}Z`;
}

/** The RFC 8785 text of a JSON text. Throws where it is not as it was written: another text (a key twice, digits that no number keeps) may mean the same to one reader, and something else to the next. */
function canonicalText(json: string): string {
  if (json === "{}") return json;
  const value: unknown = JSON.parse(json);
  if (JSON.stringify(value) !== json) throw new TypeError("the text is not the one that was written");
  return canonicalJson(value);
}

/** A number as JSON has it. Throws where it is none, such as NaN. */
function numberText(field = ""): string {
  const value = Number(field);
  if (!Number.isFinite(value)) throw new TypeError("not a finite number");
  return JSON.stringify(value);
}

/** A field of text as JSON has it. */
function textOf(field = "\\N"): string {
  const text = fieldText(field);
  return text === null ? "null" : jsonText(text);
}

/** The RFC 8785 text that a decision's hash is of, in three pieces: between them stand `prevHash` and `seq`. */
function sealedPieces(fields: readonly string[]): [string, string, string] {
  const [taskId = "", , , , project, kind, time = "", service, version, attempt, traceId, spanId, chosen, confidence, reason, detail = ""] =
    fields;
  const sure = confidence === "\\N" ? "null" : numberText(confidence);
  const given = canonicalText(fieldText(detail) ?? "null");
  return [
    `{"actor":{"service":${textOf(service)},"version":${textOf(version)}},"attempt":${attempt},"chosen":${textOf(chosen)},"confidence":${sure},"detail":${given},"kind":${textOf(kind)},"prevHash":`,
    `,"project":${textOf(project)},"reason":${textOf(reason)},"seq":`,
    `,"spanId":${textOf(spanId)},"taskId":"${taskId}","time":"${isoTime(time)}","traceId":${textOf(traceId)}}`,
  ];
}

/** A line of `COPY` as a decision. One that holds no JSON, or whatever else keeps it from being one, is sealed nowhere. */
function toStoredDecision(line: string, checkpointAt: (position: number) => number): StoredDecision {
  const fields = line.split("\t");
  const [taskId = "", seqText = "", prevHash = "", ownHash = ""] = fields;
  const [signedHash = "\\N", position = "\\N"] = fields.slice(16);
  const seq = Number(seqText);
  const hashAs = (otherSeq: number, otherPrevHash: string): string => {
    try {
      const [start, middle, end] = sealedPieces(fields);
      return hash("sha256", `${start}${jsonText(otherPrevHash)}${middle}${otherSeq}${end}`, "hex");
    } catch {
      return "";
    }
  };
  return {
    ...{ taskId, seq, prevHash, hash: ownHash, hashAs },
    isSealed: hashAs(seq, prevHash) === ownHash,
    signedHash: fieldText(signedHash),
    checkpoint: position === "\\N" ? null : checkpointAt(Number(position)),
  };
}

/** Decisions in the order of task and seq, many at a time; `checkpointAt` tells which checkpoint an entry is in. The client's transaction is over one moment, its time zone UTC. */
export async function* storedDecisions(
  client: pg.ClientBase,
  { tasks, signedSize }: DecisionScan,
  checkpointAt: (position: number) => number,
): AsyncGenerator<StoredDecision[]> {
  const sql = `SELECT ${COLUMNS} FROM (SELECT * FROM decision WHERE ${tasks}) AS d
LEFT JOIN checkpoint_entry AS e ON e.task_id = d.task_id AND e.seq = d.seq AND e.position < ${signedSize}
ORDER BY d.task_id, d.seq`;
  for await (const lines of copyLines(client, sql)) yield lines.map((line) => toStoredDecision(line, checkpointAt));
}
