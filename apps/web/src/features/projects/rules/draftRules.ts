import type { RouterOutputs } from "@signalbox/api/client";

export type IntakeRules = RouterOutputs["projects"]["rules"]["rules"];
export type BuiltInPattern = IntakeRules["redaction"]["builtIn"][number];

/** A line of a list being edited; its id identifies it while its text changes. */
export type DraftLine<T> = T & { id: number };

/** Rules as in the form: numbers are text until they are parsed, shares are percentages. */
export interface DraftRules {
  builtIn: readonly BuiltInPattern[];
  patterns: readonly DraftLine<{ name: string; pattern: string }>[];
  attributes: readonly DraftLine<{ name: string }>[];
  headPercent: string;
  isTail: boolean;
  keepErrors: boolean;
  slowerThanMs: string;
  costlierThanUsd: string;
  scoredBelow: string;
  restPercent: string;
  waitSeconds: string;
}

let lines = 0;

/** A new line for a list. */
export function draftLine<T>(line: T): DraftLine<T> {
  lines += 1;
  return { ...line, id: lines };
}

const percentOf = (share: number): string => String(Number((share * 100).toPrecision(6)));
const textOf = (limit: number | null): string => (limit === null ? "" : String(limit));

export function draftOf({ redaction, sampling }: IntakeRules): DraftRules {
  const { tail } = sampling;
  return {
    builtIn: redaction.builtIn,
    patterns: redaction.patterns.map(draftLine),
    attributes: redaction.attributes.map((name) => draftLine({ name })),
    headPercent: percentOf(sampling.headShare),
    isTail: tail !== null,
    keepErrors: tail?.keepErrors ?? true,
    slowerThanMs: textOf(tail?.slowerThanMs ?? null),
    costlierThanUsd: textOf(tail?.costlierThanUsd ?? null),
    scoredBelow: textOf(tail?.scoredBelow ?? null),
    restPercent: percentOf(tail?.restShare ?? 0),
    waitSeconds: String(tail?.waitSeconds ?? 30),
  };
}

/** The form fields whose text is not an acceptable number, with the error of each. */
export type DraftFaults = Partial<Record<keyof DraftRules, string>>;

const isPercent = (text: string): boolean => isNumber(text) && Number(text) >= 0 && Number(text) <= 100;
const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));
const isLimit = (text: string): boolean => text.trim() === "" || (isNumber(text) && Number(text) > 0);

/** The errors of a draft by field; patterns are checked by the server. */
export function faultsOf(draft: DraftRules): DraftFaults {
  const faults: DraftFaults = {};
  const A_PERCENTAGE = "A number from 0 to 100.";
  const A_LIMIT = "A number above 0, or nothing for no limit.";
  if (!isPercent(draft.headPercent)) faults.headPercent = A_PERCENTAGE;
  if (!draft.isTail) return faults;
  if (!isLimit(draft.slowerThanMs)) faults.slowerThanMs = A_LIMIT;
  if (!isLimit(draft.costlierThanUsd)) faults.costlierThanUsd = A_LIMIT;
  if (draft.scoredBelow.trim() !== "" && !isNumber(draft.scoredBelow)) faults.scoredBelow = "A number, or nothing for no limit.";
  if (!isPercent(draft.restPercent)) faults.restPercent = A_PERCENTAGE;
  if (!/^\d{1,4}$/.test(draft.waitSeconds) || Number(draft.waitSeconds) < 5 || Number(draft.waitSeconds) > 3_600)
    faults.waitSeconds = "A whole number from 5 to 3,600.";
  return faults;
}

/** Converts a draft without errors to rules; blank lines are left out. */
export function rulesOf(draft: DraftRules): IntakeRules {
  const limitOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));
  return {
    redaction: {
      builtIn: [...draft.builtIn],
      patterns: draft.patterns
        .filter(({ name, pattern }) => name !== "" || pattern !== "")
        .map(({ name, pattern }) => ({ name: name.trim(), pattern })),
      attributes: draft.attributes.map(({ name }) => name.trim()).filter((name) => name !== ""),
    },
    sampling: {
      headShare: Number(draft.headPercent) / 100,
      tail: draft.isTail
        ? {
            keepErrors: draft.keepErrors,
            slowerThanMs: limitOf(draft.slowerThanMs),
            costlierThanUsd: limitOf(draft.costlierThanUsd),
            scoredBelow: limitOf(draft.scoredBelow),
            restShare: Number(draft.restPercent) / 100,
            waitSeconds: Number(draft.waitSeconds),
          }
        : null,
    },
  };
}
