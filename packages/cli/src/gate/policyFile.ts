import { type PolicyAdvice, policyAdvice } from "@signalbox/evals";
import { AppError, GatePolicy } from "@signalbox/model";
import type { z } from "zod";
import { type Placed, placedText, readPlacedYaml } from "../commandLine/placedYaml.ts";

/** A policy as its file says it, or what is wrong with it. `advice` is on a policy that is valid and will not work well. */
export type PolicyFile =
  | { readonly kind: "valid"; readonly policy: GatePolicy; readonly advice: readonly Placed[] }
  | { readonly kind: "wrong"; readonly problems: readonly Placed[] };

const NO_SUCH_MEMBER = "there is no such setting";

/** Reads a policy in YAML or JSON. Throws `invalid_input` if there is no file; what is wrong in it is returned, each with its line. */
export function readPolicyFile(path: string): PolicyFile {
  const file = readPlacedYaml(path);
  if (file.unreadable !== undefined) return { kind: "wrong", problems: [file.unreadable] };
  const parsed = GatePolicy.safeParse(file.value ?? {});
  const place = (issue: z.core.$ZodIssue): Placed => file.place(issue, NO_SUCH_MEMBER);
  if (!parsed.success) {
    const each = parsed.error.issues.flatMap((issue): z.core.$ZodIssue[] =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
    );
    return { kind: "wrong", problems: each.map(place).sort((one, other) => one.line - other.line) };
  }
  const { offline } = parsed.data.spec;
  const advice = offline === undefined ? [] : policyAdvice(offline);
  return { kind: "valid", policy: parsed.data, advice: advice.map((one) => placedAdvice(one, place)) };
}

function placedAdvice({ path, what }: PolicyAdvice, place: (issue: z.core.$ZodIssue) => Placed): Placed {
  return place({ code: "custom", path: [...path], message: what, input: undefined });
}

/** The policy of a file. Throws `invalid_input` that names the line of the first thing that is wrong. */
export function requirePolicy(path: string): GatePolicy {
  const file = readPolicyFile(path);
  if (file.kind === "valid") return file.policy;
  throw new AppError("invalid_input", `${placedText(path, file.problems[0] as Placed)}.`, {
    hint: `./signalbox gate lint ${path} shows everything that is wrong; docs/guides/gate-a-release.md what a policy may say.`,
  });
}
