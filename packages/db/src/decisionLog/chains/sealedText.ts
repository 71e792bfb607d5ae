import { hash } from "node:crypto";
import { canonicalJson, isPlainCanonicalJson, jsonText } from "@signalbox/model";
import { type DecisionRow, FIELD } from "./decisionRow.ts";
import { isoTimeOf } from "./storedTime.ts";

/** The content of a decision as RFC 8785 has it, in three pieces: between them stand `prevHash` and `seq`. */
export type SealedPieces = readonly [string, string, string];

/** A field of text as JSON has it. */
function textOf(row: DecisionRow, field: number): string {
  const text = row.text(field);
  return text === null ? "null" : jsonText(text);
}

/**
 * The RFC 8785 text of a JSON text, which it mostly is already. Throws where it is not as it was written: another
 * text (a key twice, digits that no number keeps) may mean the same to one reader, and something else to the next.
 */
function canonicalText(json: string): string {
  if (isPlainCanonicalJson(Buffer.from(json))) return json;
  const value: unknown = JSON.parse(json);
  if (JSON.stringify(value) !== json) throw new TypeError("the text is not the one that was written");
  return canonicalJson(value);
}

/** A number as JSON has it; minus zero is another one than the zero that JSON makes of it. */
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

/** What a row says, as it was sealed; undefined where it holds no JSON, or whatever else keeps it from being a decision. */
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

/** The hash that a decision would have at a place; undefined where it is none, and so is sealed nowhere. */
export function hashAt(pieces: SealedPieces | undefined, seq: number, prevHash: string): string | undefined {
  if (pieces === undefined || Number.isNaN(seq)) return undefined;
  const [start, middle, end] = pieces;
  return hash("sha256", `${start}${jsonText(prevHash)}${middle}${seq}${end}`, "hex");
}
