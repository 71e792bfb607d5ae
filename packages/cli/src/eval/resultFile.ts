import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { EvalResult } from "@signalbox/model";

/** A result as it stands in a file: what is the same whenever the same target says the same. When and how fast it was, and under which trace, is in the store. */
function lineOf({ itemId, trial, state, output, error, scores }: EvalResult): string {
  return `${JSON.stringify({ item: itemId, trial, state, output, error, scores })}\n`;
}

/** Writes results to a file, one JSON document a line; the file is there whole or not at all. */
export async function writeResultFile(path: string, results: AsyncIterable<EvalResult>): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  const stream = createWriteStream(draft);
  const ended = finished(stream);
  for await (const result of results) if (!stream.write(lineOf(result))) await Promise.race([drained(stream), ended]);
  stream.end();
  await ended;
  await rename(draft, path);
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => stream.once("drain", resolve));
}
