import { hash } from "node:crypto";
import { canonicalJson, isPlainCanonicalJson, jsonText } from "@signalbox/model";
import { type DecisionRow, FIELD } from "./decisionRow.ts";
import { isoTimeOf } from "./storedTime.ts";

/** A decision's content as RFC 8785 text, in three pieces: `prevHash` and `seq` go between them. */
export type SealedPieces = readonly [string, string, string];

/** A text field as JSON. */
function textOf(row: DecisionRow, field: number): string {
  const text = row.text(field);
  return text === null ? "null" : jsonText(text);
}

/**
 * The RFC 8785 text of a JSON text, which it mostly is already. Throws where the two
 * differ in meaning to some reader (a repeated key, digits that no number keeps).
 */
function canonicalText(json: string): string {
  if (isPlainCanonicalJson(Buffer.from(json))) return json;
  const value: unknown = JSON.parse(json);
  if (JSON.stringify(value) !== json) throw new TypeError("the text is not the one that was written");
  return canonicalJson(value);
}

/** A number as JSON. Minus zero is kept apart from zero, which JSON would make of it. */
function numberText(number: number | null): string {
  if (number === null) return "null";
  if (!Number.isFinite(number) || Object.is(number, -0)) throw new TypeError("not a number that JSON has");
  return String(number);
}

function attemptOf(row: DecisionRow): number {
  const attempt = row.int(FIELD.attempt);
  if (Number.isNaN(attempt)) throw new TypeError("not a number");
  return attempt;
}

function timeOf(row: DecisionRow): string {
  const micros = row.micros(FIELD.time);
  if (micros === null) throw new TypeError("not a time");
  return isoTimeOf(micros);
}

/** The content of a row as it was sealed; undefined where it is not JSON, or for another reason not a valid decision. */
export function sealedPieces(row: DecisionRow): SealedPieces | undefined {
  const text = (field: number): string => textOf(row, field);
  try {
    return [
      `{"actor":{"service":${text(FIELD.service)},"version":${text(FIELD.version)}},"attempt":${attemptOf(row)},"chosen":${text(FIELD.chosen)},"confidence":${numberText(row.float(FIELD.confidence))},"detail":${canonicalText(row.text(FIELD.detail) ?? "null")},"kind":${text(FIELD.kind)},"prevHash":`,
      `,"project":${text(FIELD.project)},"reason":${text(FIELD.reason)},"seq":`,
      `,"spanId":${text(FIELD.spanId)},"taskId":"${row.taskId}","time":"${timeOf(row)}","traceId":${text(FIELD.traceId)}}`,
    ];
  } catch {
    return undefined;
  }
}

/** The hash of a decision's content at a place; undefined where the content is not a valid decision. */
export function hashAt(pieces: SealedPieces | undefined, seq: number, prevHash: string): string | undefined {
  if (pieces === undefined || Number.isNaN(seq)) return undefined;
  const [start, middle, end] = pieces;
  return hash("sha256", `${start}${jsonText(prevHash)}${middle}${seq}${end}`, "hex");
}
