import { userInfo } from "node:os";
import { changeIntakeRules, listRulesChanges, readIntakeRules } from "@signalbox/db/prisma";
import {
  AppError,
  changedRules,
  type IntakeRules,
  type IntakeRulesChange,
  IntakeRules as IntakeRulesSchema,
  issueText,
  ProjectName,
  rulesInWords,
  tryRedaction,
} from "@signalbox/model";
import { stringify } from "yaml";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "./parseArguments.ts";
import { readRulesFile } from "./rulesFile.ts";
import { openStateStore } from "./stateStore.ts";

/** The number of changes that are shown. */
const CHANGES_MAX = 5;

const NO_RULES = IntakeRulesSchema.parse({ redaction: {}, sampling: {} });

const projectNamed = (name: string | undefined): string => parseArguments(z.object({ project: ProjectName }), { project: name }).project;

/** `signalbox project rules show <name>`. */
export const rulesShow: Act = async ({ output, env, args: [name], flags }) => {
  const project = projectNamed(name);
  await using store = openStateStore(loadConfig(env, flags));
  const rules = await readIntakeRules(store, project);
  const changes = await listRulesChanges(store, project, CHANGES_MAX);
  output.result({ project, rules, summary: rulesInWords(rules), changes }, () =>
    [
      ...rulesInWords(rules),
      "",
      stringify(rules).trimEnd(),
      ...changes.map(({ changedAt, actor }) => `# changed by ${actor}, ${changedAt.slice(0, 16).replace("T", " ")} UTC`),
    ].join("\n"),
  );
  return EXIT.pass;
};

/** The flags of `signalbox project rules set`. */
interface SetFlags {
  file?: string;
  builtIn?: string[];
  pattern?: string[];
  attribute?: string[];
  headShare?: number;
  tail?: boolean;
  keepErrors?: boolean;
  slowerThanMs?: number;
  costlierThanUsd?: number;
  scoredBelow?: number;
  restShare?: number;
  waitSeconds?: number;
}

/** `signalbox project rules set <name>`. */
export const rulesSet: Act<SetFlags> = async ({ output, env, args: [name], flags }) => {
  const project = projectNamed(name);
  const file = flags.file === undefined ? null : readRulesFile(flags.file);
  await using store = openStateStore(loadConfig(env, flags));
  const before = await readIntakeRules(store, project);
  const ofFile = file === null ? before : file.applyTo(before);
  const rules = applied(ofFile, changeOf(flags, ofFile));
  if (file === null && rules === before)
    throw new AppError("invalid_input", "Nothing is to be changed.", { hint: "Give --file, or flags: see --help." });
  const after = await changeIntakeRules(store, project, rules, { actor: userInfo().username, now: new Date() });
  output.result({ project, rules: after, summary: rulesInWords(after) }, () => [...rulesInWords(after), IN_FORCE].join("\n"));
  return EXIT.pass;
};

const IN_FORCE = "Collectors follow within seconds; what is stored already stays as it is.";

/** `signalbox project rules clear <name>`. */
export const rulesClear: Act = async ({ output, env, args: [name], flags }) => {
  const project = projectNamed(name);
  await using store = openStateStore(loadConfig(env, flags));
  const rules = await changeIntakeRules(store, project, NO_RULES, { actor: userInfo().username, now: new Date() });
  output.result({ project, rules, summary: rulesInWords(rules) }, () => [...rulesInWords(rules), IN_FORCE].join("\n"));
  return EXIT.pass;
};

/** The flags of `signalbox project rules test`. */
interface TestFlags {
  text: string;
  attribute: string;
  file?: string;
}

/** `signalbox project rules test <name>`: stores nothing. */
export const rulesTest: Act<TestFlags> = async ({ output, env, args: [name], flags }) => {
  const project = projectNamed(name);
  const file = flags.file === undefined ? null : readRulesFile(flags.file);
  await using store = openStateStore(loadConfig(env, flags));
  const stored = await readIntakeRules(store, project);
  const { redaction } = file === null ? stored : file.applyTo(stored);
  const { text, counts } = tryRedaction(redaction, flags.attribute, flags.text);
  output.result({ project, text, redacted: counts }, () => {
    const said = Object.entries(counts).map(([rule, times]) => `${rule} (${times}×)`);
    return [text, "", said.length === 0 ? "Nothing is redacted." : `Redacted: ${said.join(", ")}.`].join("\n");
  });
  return EXIT.pass;
};

function changeOf(flags: SetFlags, { sampling }: IntakeRules): IntakeRulesChange {
  const { builtIn, pattern, attribute, headShare, tail, keepErrors, slowerThanMs, costlierThanUsd, scoredBelow, restShare, waitSeconds } =
    flags;
  const limits = given({ keepErrors, slowerThanMs, costlierThanUsd, scoredBelow, restShare, waitSeconds });
  const hasLimits = Object.keys(limits).length > 0;
  const tails = tail === false ? { tail: null } : tail === true || hasLimits ? { tail: { ...sampling.tail, ...limits } } : {};
  return {
    redaction: given({ builtIn, patterns: pattern?.map(patternOf), attributes: attribute }),
    sampling: { ...given({ headShare }), ...tails },
  };
}

function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function patternOf(text: string): { name: string; pattern: string } {
  const equals = text.indexOf("=");
  if (equals < 1)
    throw new AppError("invalid_input", "It is no pattern: the name is missing.", {
      hint: "Write it as name=regular expression: --pattern 'employee=EMP-[0-9]{6}'.",
    });
  return { name: text.slice(0, equals), pattern: text.slice(equals + 1) };
}

function applied(rules: IntakeRules, change: IntakeRulesChange): IntakeRules {
  if (Object.keys(change.redaction).length + Object.keys(change.sampling).length === 0) return rules;
  const changed = changedRules(rules, change);
  if (changed.success) return changed.data;
  const [issue] = changed.error.issues as [z.core.$ZodIssue];
  throw new AppError("invalid_input", `Wrong ${issue.path.slice(1).join(".")}: ${issueText(issue)}.`, {
    hint: "Add --help to see what the command takes.",
  });
}
