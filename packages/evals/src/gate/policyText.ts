import { GatePolicy } from "@signalbox/model";
import { type Placed, readPlacedYaml } from "@signalbox/model/placedYaml";
import type { z } from "zod";
import { policyAdvice } from "./offline/policyAdvice.ts";
import { canaryAdvice } from "./simulate/canaryAdvice.ts";

/** A parsed policy, or its faults, each with its line. `advice` is on a valid policy that will not work well. */
export type PolicyText =
  | { readonly kind: "valid"; readonly policy: GatePolicy; readonly advice: readonly Placed[] }
  | { readonly kind: "wrong"; readonly problems: readonly Placed[] };

/** The most problems that are listed; the rest show up once these are mended. */
const PROBLEMS_MAX = 50;

const NO_SUCH_MEMBER = "there is no such setting";

/**
 * Parses a policy in YAML or JSON; its faults are returned in the order of their
 * lines. With `isSimulated`, which takes a second, there is advice on its canary too.
 */
export function readPolicyText(text: string, { isSimulated = false }: { isSimulated?: boolean } = {}): PolicyText {
  const placed = readPlacedYaml(text);
  if (placed.unreadable !== undefined) return { kind: "wrong", problems: [placed.unreadable] };
  const parsed = GatePolicy.safeParse(placed.value ?? {});
  const place = (issue: z.core.$ZodIssue): Placed => placed.place(issue, NO_SUCH_MEMBER);
  if (!parsed.success) {
    const each = parsed.error.issues.flatMap((issue): z.core.$ZodIssue[] =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
    );
    return {
      kind: "wrong",
      problems: each
        .slice(0, PROBLEMS_MAX)
        .map(place)
        .sort((one, other) => one.line - other.line),
    };
  }
  const { offline, canary } = parsed.data.spec;
  const advice = [
    ...(offline === undefined ? [] : policyAdvice(offline)),
    ...(canary === undefined || !isSimulated ? [] : canaryAdvice(canary)),
  ];
  return {
    ...{ kind: "valid", policy: parsed.data },
    advice: advice.map(({ path, what }) => place({ code: "custom", path: [...path], message: what, input: undefined })),
  };
}
