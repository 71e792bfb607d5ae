import { AppError, Checkpoint, isTornHead } from "@signalbox/model";
import { readGiven } from "./checkpointKeys.ts";

/**
 * The hashes of exported checkpoints, by number, from a file with one JSON line for each. A line cut short by a crash is skipped:
 * the next line has it whole. Throws `invalid_input` naming a malformed line, or one that contradicts another about a
 * checkpoint, and for a file without any: nothing would be compared.
 */
export function readHeads(file: string): Map<number, string> {
  const heads = new Map<number, string>();
  const lines = readGiven(file).split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || (isTornHead(line) && isBeginning(line, lines.slice(index + 1)))) continue;
    const { number, hash } = parseHead(line, `Line ${index + 1} of ${file}`);
    const known = heads.get(number);
    if (known !== undefined && known !== hash)
      throw new AppError("invalid_input", `Line ${index + 1} of ${file} has another checkpoint ${number} than a line before it.`);
    heads.set(number, hash);
  }
  if (heads.size > 0) return heads;
  throw new AppError("invalid_input", `${file} holds no checkpoint.`, { hint: "./signalbox decisions export writes such a file." });
}

/** Whether a torn line is the beginning of the next line, or, where there is none, of one that is still to come. */
function isBeginning(line: string, behind: readonly string[]): boolean {
  const whole = behind.find((each) => each !== "" && !isTornHead(each));
  return whole === undefined || whole.startsWith(line);
}

function parseHead(line: string, where: string): Checkpoint {
  try {
    return Checkpoint.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError("invalid_input", `${where} is no checkpoint.`, { cause, hint: "./signalbox decisions export writes such a file." });
  }
}
