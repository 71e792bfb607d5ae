import { policyHash } from "@signalbox/model";
import { placedText } from "@signalbox/model/placedYaml";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";
import { readPolicyFile } from "../policyFile.ts";

/** `signalbox gate lint`: 0 for a valid policy, 2 for an invalid one. */
export const lint: Act = async ({ output, args }) => {
  const path = args[0] ?? "";
  const file = readPolicyFile(path, { isSimulated: true });
  if (file.kind === "wrong") {
    output.result({ valid: false, name: null, hash: null, problems: file.problems, advice: [] }, () =>
      file.problems.map((problem) => placedText(path, problem)).join("\n"),
    );
    return EXIT.usage;
  }
  const { policy, advice } = file;
  const { name } = policy.metadata;
  const hash = policyHash(policy);
  output.result({ valid: true, name, hash, problems: [], advice }, () =>
    [...advice.map((one) => `${placedText(path, one)} (advice)`), `${path} is a valid policy: ${name}, hash ${hash}.`].join("\n"),
  );
  return EXIT.pass;
};
