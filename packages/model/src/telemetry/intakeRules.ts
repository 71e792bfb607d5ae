import { z } from "zod";
import { RedactionRules, Redactor } from "../redaction/index.ts";
import { SamplingRules, type TailSampling } from "./sampling.ts";

/** Rules that apply to a project's telemetry before it is stored. */
export const IntakeRules = z.strictObject({ redaction: RedactionRules, sampling: SamplingRules });
export type IntakeRules = z.infer<typeof IntakeRules>;

/** A partial change of rules: absent fields stay as they are, and a list replaces the one before. Validated when it is applied. */
export const IntakeRulesChange = z.strictObject({
  redaction: z.record(z.string(), z.unknown()).default({}),
  sampling: z.record(z.string(), z.unknown()).default({}),
});
export type IntakeRulesChange = z.infer<typeof IntakeRulesChange>;

/** The rules after a change, or the issues with it. */
export function changedRules(rules: IntakeRules, change: IntakeRulesChange): z.ZodSafeParseResult<IntakeRules> {
  return IntakeRules.safeParse({
    redaction: { ...rules.redaction, ...change.redaction },
    sampling: { ...rules.sampling, ...change.sampling },
  });
}

/** Applies redaction rules to a text as the value of an attribute: the result, and how often each rule matched. */
export function tryRedaction(rules: RedactionRules, attribute: string, text: string): { text: string; counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const redactor = new Redactor(rules, (rule) => {
    counts[rule] = (counts[rule] ?? 0) + 1;
  });
  return { text: redactor.value(attribute, text), counts };
}

/** Each rule as a sentence. */
export function rulesInWords({ redaction, sampling }: IntakeRules): string[] {
  const { builtIn, patterns, attributes } = redaction;
  const names = [...builtIn, ...patterns.map(({ name }) => name)];
  return [
    ...(names.length === 0 ? [] : [`Redacted wherever it stands: ${names.join(", ")}.`]),
    ...(attributes.length === 0 ? [] : [`Redacted whole: the values of ${attributes.join(", ")}.`]),
    ...(names.length + attributes.length === 0 ? ["Nothing is redacted."] : []),
    headInWords(sampling.headShare),
    ...(sampling.tail === null ? [] : tailInWords(sampling.tail)),
  ];
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))} %`;

function headInWords(share: number): string {
  if (share === 1) return "Every trace is taken.";
  if (share === 0) return "No trace is taken: nothing is stored but logs, metrics, decisions and scores.";
  return `${percent(share)} of the traces are taken, chosen by their id; the others are counted and not stored.`;
}

function tailInWords(tail: TailSampling): string[] {
  const { keepErrors, slowerThanMs, costlierThanUsd, scoredBelow, restShare, waitSeconds } = tail;
  const kept = [
    ...(keepErrors ? ["with an error"] : []),
    ...(slowerThanMs === null ? [] : [`slower than ${slowerThanMs.toLocaleString("en")} ms`]),
    ...(costlierThanUsd === null ? [] : [`costlier than $${costlierThanUsd}`]),
    ...(scoredBelow === null ? [] : [`scored below ${scoredBelow}`]),
  ];
  const rest = restShare === 0 ? "the others go" : `${percent(restShare)} of all traces stay beside them, the others go`;
  const stay = kept.length === 0 ? rest : `those ${kept.join(", ")} stay, ${rest}`;
  return [`A trace is judged when nothing of it has come for ${waitSeconds} s, and can be read until then: ${stay}.`];
}
