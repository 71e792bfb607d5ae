import { listJudgeCalibrations } from "@signalbox/db/annotations";
import type { PlacedOutcome, ScoreMean } from "@signalbox/db/clickhouse";
import { countUnmatched, requireScoreRule } from "@signalbox/db/prisma";
import { type JudgedScorer, judgedScorer } from "@signalbox/evals";
import { type JudgeCalibration, type ScoreRule, type ScorerChoice, standingWords } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { type RuleOutcomes, ruleOutcomes } from "./ruleOutcomes.ts";
import { openRuleStores, type RuleStores } from "./ruleStores.ts";
import { limitText, percent, scoreName } from "./ruleText.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** The most waiting (with a reason) or failed traces that are shown, latest seen first. */
const TROUBLE_MAX = 5;

/**
 * A scorer of a rule. `judged` has the judge and its standing, null for a scorer that asks
 * no model; `mean` is over `traces` of the considered hours, null where none has its score.
 */
type ShownScorer = ScorerChoice & { scoreName: string; judged: JudgedScorer | null; mean: number | null; traces: number };

/** A trace that waits or has failed, and why. */
type Trouble = Pick<PlacedOutcome, "traceId" | "version" | "state" | "reason" | "tries">;

/** The output of `signalbox score-rule show --json`. */
interface ShownRule {
  rule: ScoreRule;
  hours: number;
  outcomes: RuleOutcomes & { unmatched: number };
  scorers: ShownScorer[];
  trouble: Trouble[];
}

function shownScorer(choice: ScorerChoice, means: readonly ScoreMean[], records: readonly JudgeCalibration[]): ShownScorer {
  const own = means.filter(({ name }) => name === scoreName(choice));
  const traces = own.reduce((sum, one) => sum + one.traces, 0);
  const mean = traces === 0 ? null : own.reduce((sum, one) => sum + one.mean * one.traces, 0) / traces;
  return { ...choice, scoreName: scoreName(choice), judged: judgedScorer(choice, records), mean, traces };
}

/** The latest traces in trouble: those that have failed, and those that wait for another try. */
async function readTrouble({ ledger }: RuleStores, { project, id }: ScoreRule, fromMs: number): Promise<Trouble[]> {
  const asked = { project, ruleId: id, before: null, fromMs, rowsMax: TROUBLE_MAX };
  const [failed, waiting] = await Promise.all([
    ledger.list({ ...asked, state: "failed" }),
    ledger.list({ ...asked, state: "waiting", hasReason: true }),
  ]);
  return [...failed, ...waiting]
    .toSorted((one, other) => other.seenAtMs - one.seenAtMs)
    .slice(0, TROUBLE_MAX)
    .map(({ traceId, version, state, reason, tries }) => ({ traceId, version, state, reason, tries }));
}

async function readRule(stores: RuleStores, project: string, name: string, hours: number): Promise<ShownRule> {
  const rule = await requireScoreRule(stores.prisma, project, name);
  const untilMs = Date.now() + HOUR_MS;
  const fromMs = Date.now() - hours * HOUR_MS;
  const [counts, means, unmatched, records, trouble] = await Promise.all([
    stores.ledger.counts(project, fromMs, untilMs),
    stores.ledger.means(project, fromMs, untilMs),
    countUnmatched(stores.prisma, project, new Date(fromMs)),
    listJudgeCalibrations(stores.prisma, project),
    readTrouble(stores, rule, fromMs),
  ]);
  const own = means.filter(({ ruleId }) => ruleId === rule.id);
  return {
    ...{ rule, hours, trouble },
    outcomes: { ...ruleOutcomes(counts, rule.id), unmatched: unmatched.get(rule.id) ?? 0 },
    scorers: rule.scorers.map((choice) => shownScorer(choice, own, records)),
  };
}

/** A scorer in words: a judge with its standing, or another scorer's options. */
function scorerText({ name, options, judged }: ShownScorer): string {
  if (judged !== null) return `${judged.judge}, ${standingWords(judged.standing).full}`;
  return Object.keys(options).length === 0 ? name : `${name} ${JSON.stringify(options)}`;
}

function ruleText({ rule, hours, outcomes, scorers, trouble }: ShownRule): string {
  const { scored, sampledOut, waiting, failed, unmatched, costUsd, tokens } = outcomes;
  const filter = Object.keys(rule.filter).length === 0 ? "every trace" : `traces that pass ${JSON.stringify(rule.filter)}`;
  const lines = [
    [
      "rule",
      `${rule.name}@${rule.version}, ${rule.enabled ? "enabled" : "disabled"}, as ${rule.actor} set it on ${moment(rule.changedAt)}`,
    ],
    ["scores", `${percent(rule.share)} of ${filter}${limitText(rule)}`],
    ["a trace is over", `when nothing of it has come for ${rule.waitSeconds} s`],
    [`last ${hours} hours`, `${scored} scored, ${sampledOut} sampled out, ${waiting} waiting, ${failed} failed, ${unmatched} not matched`],
    ...(scorers.every(({ judged }) => judged === null) && tokens === 0
      ? []
      : [["judges took", `$${costUsd.toFixed(4)}, ${tokens} tokens`]]),
    ...(rule.note === null ? [] : [["cannot score", rule.note]]),
  ];
  return [
    textTable(lines),
    "",
    textTable([
      ["score", "mean", "traces", "scorer"],
      ...scorers.map((one) => [one.scoreName, one.mean === null ? "-" : one.mean.toFixed(3), String(one.traces), scorerText(one)]),
    ]),
    ...(trouble.length === 0
      ? []
      : [
          "",
          textTable([
            ["trace", "", "tries", "why"],
            ...trouble.map(({ traceId, state, tries, reason }) => [traceId, state, String(tries), reason]),
          ]),
        ]),
  ].join("\n");
}

const moment = (time: string): string => `${time.slice(0, 16).replace("T", " ")} UTC`;

/** `signalbox score-rule show` */
export const scoreRuleShow: Act<{ project: string; hours?: number }> = async ({ output, env, args: [name = ""], flags }) => {
  await using stores = openRuleStores(loadConfig(env, flags));
  const shown = await readRule(stores, flags.project, name, flags.hours ?? HOURS);
  output.result(shown, () => ruleText(shown));
  return EXIT.pass;
};
