import { createProject, listProjects } from "@signalbox/db/prisma";
import { NewProject } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "./parseArguments.ts";
import { openStateStore } from "./stateStore.ts";

const ROWS_MAX = 1_000;

/** `signalbox project list`. */
export const projectList: Act = async ({ output, env, flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const projects = await listProjects(store, ROWS_MAX);
  output.result({ projects }, () =>
    textTable([
      ["project", "organisation", "environments", "working keys", "kept for", "created"],
      ...projects.map(({ name, organisation, environments, workingKeys, retentionDays, createdAt }) => [
        name,
        organisation,
        environments.join(", "),
        String(workingKeys),
        retentionDays === null ? "ever" : `${retentionDays} days`,
        createdAt.slice(0, 10),
      ]),
    ]),
  );
  return EXIT.pass;
};

/** The flags of `signalbox project create`. */
interface CreateFlags {
  organisation?: string;
  environment?: string[];
}

/** `signalbox project create <name>`. */
export const projectCreate: Act<CreateFlags> = async ({ output, env, args: [name], flags }) => {
  const wanted = parseArguments(NewProject, { name, organisation: flags.organisation, environments: flags.environment });
  await using store = openStateStore(loadConfig(env, flags));
  const project = await createProject(store, wanted, new Date());
  output.result(
    { project },
    () => `Project ${project.name} is there. Make a key for it: ./signalbox key create ci --project ${project.name}`,
  );
  return EXIT.pass;
};
