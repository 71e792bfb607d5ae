import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { parsedJson, ScoreRuleName, ScorerChoice, UnscoredTraceFilter } from "@signalbox/model";

export type Rule = RouterOutputs["scoring"]["list"][number];
type RuleInput = RouterInputs["scoring"]["set"];

/** A rule as typed: filter and scorers are JSON. */
export interface DraftRule {
  readonly name: string;
  readonly filter: string;
  readonly sharePercent: string;
  readonly waitSeconds: string;
  readonly scorers: string;
}

export type DraftFaults = Partial<Record<keyof DraftRule, string>>;

const NEW: DraftRule = {
  ...{ name: "", filter: "{}", sharePercent: "100", waitSeconds: "15" },
  scorers: '{"name": "latency", "options": {"maxMs": 8000}}',
};

/** The initial form: the rule, or an example of one. */
export function draftOf(rule: Rule | null): DraftRule {
  if (rule === null) return NEW;
  const { name, filter, share, waitSeconds, scorers } = rule;
  return {
    ...{ name, filter: JSON.stringify(filter), sharePercent: String(Number((share * 100).toFixed(6))), waitSeconds: String(waitSeconds) },
    scorers: scorers.map((scorer) => JSON.stringify(scorer)).join("\n"),
  };
}

/** The typed filter; null while it is invalid. */
export function filterOf({ filter }: Pick<DraftRule, "filter">): UnscoredTraceFilter | null {
  return UnscoredTraceFilter.safeParse(parsedJson(filter)).data ?? null;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

function numberWithin(text: string, least: number, most: number): boolean {
  return text.trim() !== "" && Number(text) >= least && Number(text) <= most;
}

/** The errors of a draft, by field. */
export function faultsOf(draft: DraftRule): DraftFaults {
  const wrongLine = lines(draft.scorers).findIndex((line) => !ScorerChoice.safeParse(parsedJson(line)).success);
  const scorers =
    wrongLine >= 0
      ? `Line ${wrongLine + 1} is no scorer: {"name": "…", "options": {…}}.`
      : lines(draft.scorers).length === 0
        ? "Name one scorer."
        : undefined;
  return {
    ...(ScoreRuleName.safeParse(draft.name).success ? {} : { name: "Lower-case letters, digits, dots, hyphens, underscores." }),
    ...(filterOf(draft) === null ? { filter: "It is no filter of traces." } : {}),
    ...(numberWithin(draft.sharePercent, Number.MIN_VALUE, 100) ? {} : { sharePercent: "More than 0, at most 100." }),
    ...(numberWithin(draft.waitSeconds, 5, 3_600) && Number.isInteger(Number(draft.waitSeconds)) ? {} : { waitSeconds: "5 to 3600." }),
    ...(scorers === undefined ? {} : { scorers }),
  };
}

/** The rule of a valid draft; `kept` holds the properties that are not in the form. */
export function ruleOf(project: string, draft: DraftRule, kept: Pick<Rule, "enabled" | "tracesPerHourMax">): RuleInput {
  return {
    ...{ project, name: draft.name, filter: filterOf(draft) ?? {} },
    ...{ enabled: kept.enabled, tracesPerHourMax: kept.tracesPerHourMax },
    ...{ share: Number(draft.sharePercent) / 100, waitSeconds: Number(draft.waitSeconds) },
    scorers: lines(draft.scorers).map((line) => ScorerChoice.parse(parsedJson(line))),
  };
}
