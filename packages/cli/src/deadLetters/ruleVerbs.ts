import { userInfo } from "node:os";
import { createRedriveRule, deleteRedriveRule, listRedriveRules, steerRedriveRule } from "@signalbox/db/prisma";
import { ActReason, NewRedriveRule, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

/** The flags of all rule verbs. */
interface RuleFlags {
  project: string;
}

interface CreateFlags extends RuleFlags {
  group?: string;
  errorClass?: string;
  max: number;
  minutes: number;
  runs: number;
  reason?: string;
}

const Project = z.object({ project: ProjectName });
const RuleAct = Project.extend({ name: z.string(), reason: ActReason });

/** `signalbox dlq rules create <name>`. */
export const ruleCreate: Act<CreateFlags> = async ({ output, env, args: [name], flags }) => {
  const { project, group, errorClass, max, minutes, runs, reason, dataDir, portOffset } = flags;
  const terms = { fingerprint: group ?? null, errorClass: errorClass ?? null, lettersMax: max, minutes, runsMax: runs };
  const wanted = parseArguments(NewRedriveRule, { project, name, ...terms, reason });
  await using store = openStateStore(loadConfig(env, { dataDir, portOffset }));
  const rule = await createRedriveRule(store, wanted, { actor: userInfo().username, now: new Date() });
  output.result({ rule }, () => `Rule "${rule.name}" redrives at most ${max} letters in ${minutes} minutes from now on.`);
  return EXIT.pass;
};

/** `signalbox dlq rules list`. */
export const ruleList: Act<RuleFlags> = async ({ output, env, flags }) => {
  const { project } = parseArguments(Project, flags);
  await using store = openStateStore(loadConfig(env, flags));
  const rules = await listRedriveRules(store, project, new Date());
  output.result({ rules }, () =>
    rules.length === 0
      ? "There are no rules."
      : textTable([
          ["name", "state", "group", "error class", "used", "last redrive", "runs", "by", "reason"],
          ...rules.map(({ name, pausedAt, fingerprint, errorClass, lettersInWindow, lettersMax, minutes, ...rule }) => [
            ...[name, pausedAt === null ? "in force" : "paused", fingerprint ?? "any", errorClass ?? "any"],
            ...[`${lettersInWindow} of ${lettersMax} in ${minutes} min`, rule.lastRedriveAt ?? "none yet"],
            ...[`up to ${rule.runsMax}`, rule.actor, rule.reason],
          ]),
        ]),
  );
  return EXIT.pass;
};

/** `signalbox dlq rules pause|resume <name>`. */
export const ruleSteer =
  (steer: "pause" | "resume"): Act<RuleFlags & { reason?: string }> =>
  async ({ output, env, args: [name], flags }) => {
    const act = parseArguments(RuleAct, { project: flags.project, name, reason: flags.reason });
    await using store = openStateStore(loadConfig(env, flags));
    const rule = await steerRedriveRule(store, steer, { ...act, actor: userInfo().username, now: new Date() });
    output.result({ rule }, () =>
      steer === "pause"
        ? `Rule "${rule.name}" makes no redrives until it is resumed; those that it made go on.`
        : `Rule "${rule.name}" is in force again.`,
    );
    return EXIT.pass;
  };

/** `signalbox dlq rules delete <name>`. */
export const ruleDelete: Act<RuleFlags & { reason?: string }> = async ({ output, env, args: [name], flags }) => {
  const act = parseArguments(RuleAct, { project: flags.project, name, reason: flags.reason });
  await using store = openStateStore(loadConfig(env, flags));
  await deleteRedriveRule(store, { ...act, actor: userInfo().username, now: new Date() });
  output.result({ deleted: act.name }, () => `Rule "${act.name}" is no more; redrives that it made go on.`);
  return EXIT.pass;
};
