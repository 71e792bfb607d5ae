import { createHash } from "node:crypto";
import { AppError, canonicalJson, parsedJson } from "@signalbox/model";
import { z } from "zod";
import { countFeatures } from "../features/featureSpace.ts";
import type { IntentModel } from "../intentModel.ts";
import { floatBytes, readFloats } from "./floats.ts";

/** The beginning of a model file: the format and its version, which changes with the meaning of the bytes or of the features. */
const FORMAT = "signalbox-intents 1";

const Count = z.number().int().nonnegative();
const Share = z.number().min(0).max(1);

/** The header of a model file, before its numbers. */
const Head = z.strictObject({
  labels: z.array(z.string().min(1)).min(2),
  terms: z.strictObject({ words: z.array(z.string()), characters: z.array(z.string()) }),
  temperature: z.number().positive(),
  threshold: Share,
  provenance: z.strictObject({
    dataSha256: z.string().length(64),
    seed: z.number().int(),
    rows: z.strictObject({ training: Count, trainingOutOfScope: Count, validation: Count, validationOutOfScope: Count }),
    validation: z.enum(["given", "held_out"]),
    refused: z.strictObject({ of: z.enum(["out_of_scope", "in_scope"]), share: Share }),
  }),
});

/** SHA-256 of bytes, in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * A model as bytes, equal for equal models: the line `signalbox-intents 1 <SHA-256 of everything after it>`, a line of JSON (`Head`),
 * and numbers as little-endian 32-bit floats: the idf of the words and of the characters, then the weights, feature by feature.
 */
export function encodeModel({ labels, space, classifier, temperature, threshold, provenance }: IntentModel): Buffer {
  const head: z.input<typeof Head> = {
    labels: [...labels],
    terms: { words: [...space.words.terms], characters: [...space.characters.terms] },
    temperature,
    threshold,
    provenance,
  };
  const numbers = [space.words.idf, space.characters.idf, classifier.weights].map(floatBytes);
  const body = Buffer.concat([Buffer.from(`${canonicalJson(head)}\n`), ...numbers]);
  return Buffer.concat([Buffer.from(`${FORMAT} ${sha256(body)}\n`), body]);
}

/** The bytes up to the next line break, and those after it; undefined when there is none. */
function splitLine(bytes: Buffer): { line: string; rest: Buffer } | undefined {
  const end = bytes.indexOf("\n");
  return end === -1 ? undefined : { line: bytes.toString("utf8", 0, end), rest: bytes.subarray(end + 1) };
}

const refuse = (file: string, why: string): AppError =>
  new AppError("invalid_input", `The model ${file} ${why}.`, {
    hint: "Train it again with `signalbox train intents`, or copy it again.",
  });

/** The body of a model file, after its first line and checksum were verified. */
function checkedBody(file: string, bytes: Buffer): Buffer {
  const first = splitLine(bytes);
  const [format, sum] = [first?.line.slice(0, FORMAT.length), first?.line.slice(FORMAT.length + 1)];
  if (first === undefined || format !== FORMAT) {
    const isOurs = bytes.toString("latin1", 0, FORMAT.length - 1) === FORMAT.slice(0, -1);
    throw refuse(file, isOurs ? "is of a format that this version does not read" : "is no model file of Signalbox");
  }
  if (sha256(first.rest) !== sum) throw refuse(file, "is damaged: its content does not have the SHA-256 that it was written with");
  return first.rest;
}

/** Reads a model. `file` is its name in errors. Throws `invalid_input` when it is damaged or not a model. */
export function decodeModel(file: string, bytes: Buffer): IntentModel {
  const second = splitLine(checkedBody(file, bytes));
  const head = Head.safeParse(parsedJson(second?.line ?? ""));
  if (second === undefined || !head.success) throw refuse(file, "does not say what it is made of");
  const { labels, terms, temperature, threshold, provenance } = head.data;
  const weightCount = labels.length * countFeatures({ words: { terms: terms.words }, characters: { terms: terms.characters } });
  const floats = readFloats(second.rest, [terms.words.length, terms.characters.length, weightCount]);
  if (floats === undefined) throw refuse(file, "does not have as many numbers as it should");
  const [wordsIdf, charactersIdf, weights] = floats;
  return {
    labels,
    space: { words: { terms: terms.words, idf: wordsIdf }, characters: { terms: terms.characters, idf: charactersIdf } },
    classifier: { classCount: labels.length, weights },
    temperature,
    threshold,
    provenance,
  };
}
