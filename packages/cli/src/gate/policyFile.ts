import { type PolicyText, readPolicyText } from "@signalbox/evals";
import { AppError, type GatePolicy } from "@signalbox/model";
import { type Placed, placedText } from "@signalbox/model/placedYaml";
import { readTextFile } from "../commandLine/textFile.ts";

/** Reads a policy in YAML or JSON. Throws `invalid_input` if there is no file; what is wrong in it is returned, each with its line. */
export function readPolicyFile(path: string): PolicyText {
  return readPolicyText(readTextFile(path));
}

/** The policy of a file. Throws `invalid_input` that names the line of the first thing that is wrong. */
export function requirePolicy(path: string): GatePolicy {
  const file = readPolicyFile(path);
  if (file.kind === "valid") return file.policy;
  throw new AppError("invalid_input", `${placedText(path, file.problems[0] as Placed)}.`, {
    hint: `./signalbox gate lint ${path} shows everything that is wrong; docs/guides/gate-a-release.md what a policy may say.`,
  });
}
