import { userInfo } from "node:os";
import { createRedriveRule, deleteRedriveRule, listRedriveRules } from "@signalbox/db/prisma";
import { NewRedriveRule, ProjectName } from "@signalbox/model";
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
const Deletion = Project.extend({ name: z.string(), reason: z.string().trim().min(1).max(1_000) });

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
          ["name", "group", "error class", "used", "runs", "by", "reason"],
          ...rules.map(({ name, fingerprint, errorClass, lettersInWindow, lettersMax, minutes, runsMax, actor, reason }) => [
            ...[name, fingerprint ?? "any", errorClass ?? "any", `${lettersInWindow} of ${lettersMax} in ${minutes} min`],
            ...[`up to ${runsMax}`, actor, reason],
          ]),
        ]),
  );
  return EXIT.pass;
};

/** `signalbox dlq rules delete <name>`. */
export const ruleDelete: Act<RuleFlags & { reason?: string }> = async ({ output, env, args: [name], flags }) => {
  const act = parseArguments(Deletion, { project: flags.project, name, reason: flags.reason });
  await using store = openStateStore(loadConfig(env, flags));
  await deleteRedriveRule(store, { ...act, actor: userInfo().username, now: new Date() });
  output.result({ deleted: act.name }, () => `Rule "${act.name}" is no more; redrives that it made go on.`);
  return EXIT.pass;
};
