import { userInfo } from "node:os";
import { enterTraces } from "@signalbox/db/clickhouse";
import { countUnmatched, listScoreRules, removeScoreRule, requireScoreRule, setScoreRule } from "@signalbox/db/prisma";
import { judgeIdOfChoice, requireOnlineScorers } from "@signalbox/evals";
import { AppError, DEFAULT_PROJECT, issuesText, type ScoreRule, ScoreRuleDraft, UnscoredTraceFilter } from "@signalbox/model";
import { z } from "zod";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { scorerChoices } from "../eval/scorerChoices.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { ruleOutcomes } from "./ruleOutcomes.ts";
import { openRuleStores, type RuleStores } from "./ruleStores.ts";
import { limitText, percent, scoreName } from "./ruleText.ts";

interface ProjectFlag {
  project: string;
}

const RULES_MAX = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const namesOf = ({ scorers }: ScoreRule): string => scorers.map(scoreName).join(", ");

/** `signalbox score-rule list` */
export const scoreRuleList: Act<ProjectFlag> = async ({ output, env, flags: { project, ...flags } }) => {
  await using stores = openRuleStores(loadConfig(env, flags));
  const now = Date.now();
  const [rules, counts, unmatched] = await Promise.all([
    listScoreRules(stores.prisma, project, RULES_MAX),
    stores.ledger.counts(project, now - DAY_MS, now),
    countUnmatched(stores.prisma, project, new Date(now - DAY_MS)),
  ]);
  const listed = rules.map((rule) => {
    const { id, name, version, enabled, filter, share, waitSeconds, tracesPerHourMax, scorers, note } = rule;
    const lastDay = { ...ruleOutcomes(counts, id), unmatched: unmatched.get(id) ?? 0 };
    return { id, name, version, enabled, filter, share, waitSeconds, tracesPerHourMax, scorers, note, lastDay };
  });
  output.result({ rules: listed }, () =>
    listed.length === 0
      ? `Project ${project} has no score rule.`
      : textTable([
          ["rule", "scorers", "share", "scored", "sampled out", "waiting", "failed", "not matched", ""],
          ...rules.map((rule, index) => {
            const { scored = 0, sampledOut = 0, waiting = 0, failed = 0, unmatched = 0 } = listed[index]?.lastDay ?? {};
            const word = rule.enabled ? (rule.note ?? "") : "disabled";
            return [
              `${rule.name}@${rule.version}`,
              namesOf(rule),
              `${percent(rule.share)}${limitText(rule)}`,
              ...[scored, sampledOut, waiting, failed, unmatched].map(String),
              word,
            ];
          }),
        ]),
  );
  return EXIT.pass;
};

interface SetFlags extends ProjectFlag {
  scorers?: string[];
  filter?: string;
  share?: number;
  wait?: number;
  perHour?: number | null;
  enable?: boolean;
  disable?: boolean;
}

function readFilter(text: string): UnscoredTraceFilter {
  try {
    return UnscoredTraceFilter.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? issuesText(cause) : "it is no JSON";
    throw new AppError("invalid_input", `That filters no traces: ${why}`, { cause, hint: `Write '{"hasErrors":true}', in single quotes.` });
  }
}

function readDraft(given: object): ScoreRuleDraft {
  const draft = ScoreRuleDraft.safeParse(given);
  if (!draft.success) throw new AppError("invalid_input", `That is no rule: ${issuesText(draft.error)}`);
  requireOnlineScorers(draft.data.scorers);
  return draft.data;
}

/** A note on where the controller finds the models of a rule's judges, which cannot be known here. */
function judgeText({ scorers }: ScoreRule): string {
  if (scorers.every((choice) => judgeIdOfChoice(choice) === null)) return "";
  return " The controller asks the judge's model, at the address in its own environment: without one traces wait, and show says so.";
}

function ruleText(rule: ScoreRule): string {
  const { project, name, version, enabled, share } = rule;
  const show = `./signalbox score-rule show ${name}${project === DEFAULT_PROJECT ? "" : ` --project ${project}`}`;
  const works = `${percent(share)} of the traces that match are scored from now on${limitText(rule)}. ${show} says how it goes.${judgeText(rule)}`;
  return `Rule ${name}, version ${version}: ${enabled ? works : "disabled."}`;
}

/** `signalbox score-rule set` */
export const scoreRuleSet: Act<SetFlags> = async ({ output, env, args: [name = ""], flags }) => {
  const { project, scorers, filter, share, wait, perHour, enable = false, disable = false } = flags;
  if (enable && disable) throw new AppError("invalid_input", "--enable and --disable say opposite things.");
  await using store = openStateStore(loadConfig(env, flags));
  const known = (await listScoreRules(store, project, RULES_MAX)).find((rule) => rule.name === name);
  if (known === undefined && scorers === undefined)
    throw new AppError("invalid_input", "Say who judges: --scorers.", { hint: "./signalbox eval scorers shows every one." });
  const draft = readDraft({
    ...{ project, name, scorers: scorers === undefined ? known?.scorers : scorerChoices(scorers) },
    ...{
      filter: filter === undefined ? known?.filter : readFilter(filter),
      share: share ?? known?.share,
      waitSeconds: wait ?? known?.waitSeconds,
    },
    tracesPerHourMax: perHour === undefined ? known?.tracesPerHourMax : perHour,
    enabled: enable || (!disable && (known?.enabled ?? true)),
  });
  const rule = await setScoreRule(store, draft, { actor: userInfo().username, now: new Date() });
  output.result({ rule }, () => ruleText(rule));
  return EXIT.pass;
};

/** `signalbox score-rule remove` */
export const scoreRuleRemove: Act<ProjectFlag> = async ({ output, env, args: [name = ""], flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  await removeScoreRule(store, { project: flags.project, name, now: new Date() });
  output.result({ removed: name }, () => `Rule ${name} is removed.`);
  return EXIT.pass;
};

/** Enters stored traces hour by hour, to bound the memory. */
async function enterStored(stores: RuleStores, rule: ScoreRule, hours: number, output: CommandOutput): Promise<number> {
  const untilMs = Date.now() - rule.waitSeconds * 1_000;
  let entered = 0;
  for (let hour = hours; hour > 0; hour -= 1) {
    const toMs = untilMs - (hour - 1) * HOUR_MS;
    const traceIds = await stores.ledger.begun(rule.project, toMs - HOUR_MS, toMs);
    const version = { project: rule.project, ruleId: rule.id, version: rule.version };
    entered += (await enterTraces(stores.ledger, version, rule, traceIds, Date.now())).entered;
    if (traceIds.length > 0) output.note(`${new Date(toMs).toISOString().slice(0, 16).replace("T", " ")} UTC: ${entered} traces so far`);
  }
  return entered;
}

/** There may be many stored traces, and a judge costs money for each. Throws `invalid_input` for a judge without a limit. */
function requireLimit({ name, scorers, tracesPerHourMax }: ScoreRule): void {
  if (tracesPerHourMax !== null || scorers.every((choice) => judgeIdOfChoice(choice) === null)) return;
  throw new AppError(
    "invalid_input",
    `Rule ${name} asks a judge, and nothing says how many of the stored traces it may be asked of in an hour.`,
    {
      hint: `./signalbox score-rule set ${name} --per-hour 500, or --per-hour 1000000 for all of them at once.`,
    },
  );
}

/** `signalbox score-rule backfill` */
export const scoreRuleBackfill: Act<ProjectFlag & { hours?: number }> = async ({ output, env, args: [name = ""], flags }) => {
  await using stores = openRuleStores(loadConfig(env, flags));
  const rule = await requireScoreRule(stores.prisma, flags.project, name);
  requireLimit(rule);
  const entered = await enterStored(stores, rule, flags.hours ?? 24, output);
  output.result({ entered }, () =>
    entered === 0
      ? `No stored trace is new to ${name}.`
      : `${entered} traces are in the ledger of ${name}: those of its share are scored now.`,
  );
  return EXIT.pass;
};
