import { type PolicyText, readPolicyText } from "@signalbox/evals";
import { AppError, type GatePolicy } from "@signalbox/model";
import { placedText } from "@signalbox/model/placedYaml";
import { readTextFile } from "../commandLine/textFile.ts";

/**
 * Reads a policy file in YAML or JSON. Throws `invalid_input` if there is no file; faults of the policy are returned, each with its line.
 */
export function readPolicyFile(path: string, how: { isSimulated?: boolean } = {}): PolicyText {
  return readPolicyText(readTextFile(path), how);
}

/** The most problems that are listed where a policy was to be used; `gate lint` lists all of them. */
const PROBLEMS_MAX = 10;

/** The policy in a file. Throws `invalid_input` that lists its faults, each with its line. */
export function requirePolicy(path: string): GatePolicy {
  const file = readPolicyFile(path);
  if (file.kind === "valid") return file.policy;
  const more = file.problems.length - PROBLEMS_MAX;
  const told = file.problems.slice(0, PROBLEMS_MAX).map((problem) => placedText(path, problem));
  throw new AppError(
    "invalid_input",
    [...told, ...(more > 0 ? [`and ${more} more: ./signalbox gate lint ${path} shows them`] : [])].join("\n"),
    {
      hint: "docs/guides/gate-a-release.md shows what a policy may say.",
    },
  );
}
