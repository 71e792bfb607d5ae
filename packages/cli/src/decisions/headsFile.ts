import { AppError, Checkpoint, isTornHead } from "@signalbox/model";
import { readGiven } from "./checkpointKeys.ts";

/**
 * The hashes of exported checkpoints, by number: a line of JSON for each. A beginning that a crash left is skipped: the line behind it
 * has it whole. Throws `invalid_input` that names the line which is none, or says something else of a checkpoint than another line.
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
  return heads;
}

/** Whether a torn line is the beginning of the whole line that follows, or where none does, of one that is still to come. */
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
