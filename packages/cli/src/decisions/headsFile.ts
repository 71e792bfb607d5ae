import { AppError, Checkpoint } from "@signalbox/model";
import { readGiven } from "./checkpointKeys.ts";

/**
 * The hashes of exported checkpoints, by number: a line of JSON for each. Throws `invalid_input`
 * that names the line which is none, or says something else of a checkpoint than another line.
 */
export function readHeads(file: string): Map<number, string> {
  const heads = new Map<number, string>();
  for (const [index, line] of readGiven(file).split("\n").entries()) {
    if (line.trim() === "") continue;
    const { number, hash } = parseHead(line, `Line ${index + 1} of ${file}`);
    const known = heads.get(number);
    if (known !== undefined && known !== hash)
      throw new AppError("invalid_input", `Line ${index + 1} of ${file} has another checkpoint ${number} than a line before it.`);
    heads.set(number, hash);
  }
  return heads;
}

function parseHead(line: string, where: string): Checkpoint {
  try {
    return Checkpoint.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError("invalid_input", `${where} is no checkpoint.`, { cause, hint: "./signalbox decisions export writes such a file." });
  }
}
