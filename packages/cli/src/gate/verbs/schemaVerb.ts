import { policyJsonSchema } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";

/** `signalbox gate schema`: the JSON Schema of policies, for editors. */
export const schema: Act = async ({ output }) => {
  const document = policyJsonSchema();
  output.result(document, () => JSON.stringify(document, null, 2));
  return EXIT.pass;
};
