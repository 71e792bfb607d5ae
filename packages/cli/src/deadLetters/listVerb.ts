import { listDeadLetterGroups, listLetters } from "@signalbox/db/prisma";
import { DeadLetterFilter, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { letterFilter } from "./letterFilter.ts";
import { groupTable, letterTable } from "./letterText.ts";
import { ANY_STATE, type ListFlags } from "./listOptions.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** `signalbox dlq list`: groups, or with `--letters` the letters themselves. */
export const dlqList: Act<ListFlags> = async ({ output, env, flags }) => {
  const { state, limit } = flags;
  const { project } = parseArguments(z.object({ project: ProjectName }), flags);
  const filter = parseArguments(DeadLetterFilter, { ...letterFilter(flags, Date.now()), ...(state === ANY_STATE ? {} : { state }) });
  await using store = openStateStore(loadConfig(env, flags));
  if (flags.letters === true) {
    const { letters, next } = await listLetters(store, { project, filter, cursor: null, limit });
    output.result({ project, letters, isCut: next !== null }, () =>
      letters.length === 0 ? nothing(project) : letterTable(letters) + (next === null ? "" : `\nThere are more: --limit is ${limit}.`),
    );
    return EXIT.pass;
  }
  const steps = { fromMs: (Math.floor(Date.now() / HOUR_MS) - HOURS + 1) * HOUR_MS, stepMs: HOUR_MS, count: HOURS };
  const found = await listDeadLetterGroups(store, { project, filter, order: "last", steps, limit });
  const { groups, groupsCount, lettersCount } = found;
  output.result({ project, ...found, steps }, () => {
    if (groups.length === 0) return nothing(project);
    const shown = groups.length < groupsCount ? `${groups.length} of ${groupsCount} groups` : `${groupsCount} groups`;
    return `${groupTable(groups)}\n\n${shown}, ${lettersCount} letters. One of them: ./signalbox dlq show ${groups[0]?.fingerprint}`;
  });
  return EXIT.pass;
};

const nothing = (project: string): string => `Project ${project} has no such dead letters.`;
