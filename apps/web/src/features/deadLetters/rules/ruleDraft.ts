import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { NewRedriveRule } from "@signalbox/model";

export type Rule = RouterOutputs["deadLetters"]["rules"]["list"][number];

/** A rule as it is typed. */
export type RuleDraft = Record<"name" | "fingerprint" | "errorClass" | "lettersMax" | "minutes" | "runsMax" | "reason", string>;

export type RuleFaults = Partial<Record<keyof RuleDraft, string>>;

/** A form for a rule, about a group of letters where one is given. */
export function newRuleDraft(fingerprint: string): RuleDraft {
  return { name: "", fingerprint, errorClass: "", lettersMax: "100", minutes: "60", runsMax: "2", reason: "" };
}

/** The correction that is asked for, by field. */
const WANTED: RuleFaults = {
  name: "1 to 63 lower-case letters, digits and hyphens",
  fingerprint: "at most 200 characters",
  errorClass: "at most 200 characters",
  lettersMax: "a whole number from 1 to 10,000",
  minutes: "a whole number from 1 to 10,080, which is a week",
  runsMax: "a whole number from 1 to 100",
  reason: "why, in a few words",
};

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());
const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** The rule that a form asks for, or what is wrong with which field. */
export function readRule(
  project: string,
  draft: RuleDraft,
): { rule: RouterInputs["deadLetters"]["rules"]["create"] } | { faults: RuleFaults } {
  const [fingerprint, errorClass] = [orNull(draft.fingerprint), orNull(draft.errorClass)];
  const isAboutNothing = fingerprint === null && errorClass === null;
  const parsed = NewRedriveRule.safeParse({
    ...{ project, name: draft.name.trim(), fingerprint, errorClass, reason: draft.reason },
    ...{ lettersMax: numberOf(draft.lettersMax), minutes: numberOf(draft.minutes), runsMax: numberOf(draft.runsMax) },
  });
  if (parsed.success) return { rule: parsed.data };
  const wrong = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
  const faults: RuleFaults = Object.fromEntries(Object.entries(WANTED).filter(([field]) => wrong.has(field)));
  return { faults: isAboutNothing ? { ...faults, fingerprint: "name a group, an error class, or both" } : faults };
}
