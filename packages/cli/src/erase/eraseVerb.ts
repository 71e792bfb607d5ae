import { userInfo } from "node:os";
import { previewErasure, recordErasure, requireProject } from "@signalbox/db/prisma";
import { AppError, ErasureSubject, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { journalWritten } from "../backup/journalWritten.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { erasedText } from "./erasedText.ts";
import { openEraseStore } from "./openEraseStore.ts";

/** The flags of `signalbox erase`. */
interface EraseFlags {
  project: string;
  trace?: string;
  user?: string;
  session?: string;
  dryRun?: boolean;
}

/** `signalbox erase`: a trace, a user or a session. */
export const erase: Act<EraseFlags> = async ({ output, env, flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), flags);
  const subject = subjectOf(flags);
  const config = loadConfig(env, flags);
  await using state = openStateStore(config);
  await requireProject(state, project);
  await using store = openEraseStore(config);
  const isDryRun = flags.dryRun === true;
  // Rows of the subject that are still in the journal would be stored after the erasure, and so come back.
  if (!isDryRun) await journalWritten(config, Date.now());
  const traces = () => store.traces(project, subject);
  const act = { project, subject, traces, actor: userInfo().username, clock: Date.now };
  const tables = isDryRun
    ? await previewErasure(state, act, () => store.preview(project, subject))
    : await recordErasure(state, act, () => store.erase(project, subject));
  output.result({ project, ...subject, dryRun: isDryRun, tables }, () => erasedText(tables, isDryRun));
  return EXIT.pass;
};

function subjectOf({ trace, user, session }: EraseFlags): ErasureSubject {
  const given = Object.entries({ trace: trace?.toLowerCase(), user, session }).flatMap(([kind, value]) =>
    value === undefined ? [] : [{ kind, value }],
  );
  if (given.length === 1) return parseArguments(ErasureSubject, given[0]);
  throw new AppError("invalid_input", "Say whose telemetry is to be erased, one thing at a time.", {
    hint: "Give one of --trace, --user and --session; a whole project goes with ./signalbox project delete.",
  });
}
