import { deleteEvalRun, holdEvalRun, requireEvalRun } from "@signalbox/db/evalRuns";
import { createPrisma } from "@signalbox/db/prisma";
import { AppError, DEFAULT_PROJECT, LANGSMITH_TARGET } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/** The flags of `signalbox eval delete`. */
interface DeleteFlags {
  project: string;
  yes?: string;
}

/** `signalbox eval delete <run>`: refused for a run that a process is working on. */
export const evalDelete: Act<DeleteFlags> = async ({ output, env, args: [asked = ""], flags }) => {
  const { DATABASE_URL } = runningStores(loadConfig(env, flags), "DATABASE_URL");
  await using prisma = createPrisma(DATABASE_URL, { connectionsMax: 1 });
  const run = await requireEvalRun(prisma, flags.project, asked);
  if (run.target === LANGSMITH_TARGET)
    throw new AppError("conflict", `The run ${run.name} is made of what LangSmith's client sent, and would be made of it again.`, {
      hint: "It goes with its project, or with its traces by ./signalbox erase.",
    });
  if (flags.yes !== asked) {
    const where = run.project === DEFAULT_PROJECT ? "" : ` --project ${run.project}`;
    throw new AppError("invalid_input", `This deletes the run ${run.name} (${run.id}) with its ${run.finished} tries, for good.`, {
      hint: `Say that you mean it: ./signalbox eval delete ${run.id}${where} --yes ${run.id}`,
    });
  }
  await using _held = await holdEvalRun(DATABASE_URL, run.id);
  await deleteEvalRun(prisma, run);
  const { project, id, name, finished } = run;
  output.result({ project, id, name, tries: finished }, () => `The run ${name} (${id}) is deleted with its ${finished} tries.`);
  return EXIT.pass;
};
