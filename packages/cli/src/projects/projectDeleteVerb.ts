import { userInfo } from "node:os";
import { closeProject, deleteProject, previewErasure, recordErasure, requireProject } from "@signalbox/db/prisma";
import { openVectorStore, vectorStoreSettings } from "@signalbox/knowledge";
import { AppError, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { journalWritten } from "../backup/journalWritten.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { erasedText } from "../erase/erasedText.ts";
import { openEraseStore } from "../erase/openEraseStore.ts";
import { parseArguments } from "./parseArguments.ts";
import { openStateStore } from "./stateStore.ts";

/** The flags of `signalbox project delete`. */
interface DeleteFlags {
  yes?: string;
  dryRun?: boolean;
}

const SUBJECT = { kind: "project" } as const;

/** The time after which collectors have forgotten a deleted key, in milliseconds (apps/collector/src/receive/keys). */
const KEYS_FORGOTTEN_MS = 6_000;

/**
 * `signalbox project delete <name>`: first the reference agent's tasks and the project's keys; then, once everything that
 * the keys let in is written, its telemetry; the project itself comes last, so that an interrupted deletion can be repeated.
 */
export const projectDelete: Act<DeleteFlags> = async ({ output, env, args: [name], flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: name });
  const config = loadConfig(env, flags);
  await using state = openStateStore(config);
  await requireProject(state, project);
  await using store = openEraseStore(config);
  await using vectors = await openVectorStore(vectorStoreSettings(env));
  const isDryRun = flags.dryRun === true;
  if (!isDryRun && flags.yes !== project)
    throw new AppError("invalid_input", `This erases all telemetry of ${project}, for good.`, {
      hint: `Look at what goes with --dry-run; then say that you mean it: ./signalbox project delete ${project} --yes ${project}`,
    });
  const act = { project, subject: SUBJECT, actor: userInfo().username, clock: Date.now };
  const remove = async () => {
    await closeProject(state, project);
    if (vectors.isShared) await vectors.delete(project, "all");
    await journalWritten(config, Date.now() + KEYS_FORGOTTEN_MS);
    const tables = await store.erase(project, SUBJECT);
    await deleteProject(state, project);
    return tables;
  };
  const tables = isDryRun
    ? await previewErasure(state, act, () => store.preview(project, SUBJECT))
    : await recordErasure(state, act, remove);
  output.result({ project, dryRun: isDryRun, tables }, () => erasedText(tables, isDryRun));
  return EXIT.pass;
};
