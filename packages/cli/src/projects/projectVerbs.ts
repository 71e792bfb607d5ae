import { readFile } from "node:fs/promises";
import { changeIntakeRules, createProject, type IntakeRules, listProjects } from "@signalbox/db/prisma";
import { AppError, NewProject, ProjectName, RedactionRules, SamplingRules } from "@signalbox/model";
import { z } from "zod";
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
      ["project", "organisation", "environments", "working keys", "created"],
      ...projects.map(({ name, organisation, environments, workingKeys, createdAt }) => [
        name,
        organisation,
        environments.join(", "),
        String(workingKeys),
        createdAt.slice(0, 10),
      ]),
    ]),
  );
  return EXIT.pass;
};

/** What `signalbox project create` may be told. */
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

/** What `signalbox project rules` may be told. */
interface RulesFlags {
  redaction?: string;
  headShare?: string;
}

/** `signalbox project rules <name>`: shows them, and changes those that are given. */
export const projectRules: Act<RulesFlags> = async ({ output, env, args: [name], flags }) => {
  const project = parseArguments(z.object({ name: ProjectName }), { name });
  const change: Partial<IntakeRules> = {
    ...(flags.redaction === undefined ? {} : { redaction: await readRedaction(flags.redaction) }),
    ...(flags.headShare === undefined ? {} : { sampling: parseArguments(SamplingRules, { headShare: Number(flags.headShare) }) }),
  };
  await using store = openStateStore(loadConfig(env, flags));
  const rules = await changeIntakeRules(store, project.name, change);
  output.result({ project: project.name, ...rules }, () => rulesText(rules));
  return EXIT.pass;
};

async function readRedaction(file: string): Promise<RedactionRules> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new AppError("invalid_input", `${file} cannot be read.`, { cause });
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", `${file} is no JSON.`, { cause });
  }
  return parseArguments(RedactionRules, document);
}

function rulesText({ redaction, sampling }: IntakeRules): string {
  return textTable([
    ["traces kept", `${sampling.headShare * 100} %`],
    ...redaction.patterns.map(({ name, pattern }) => [`redacted: ${name}`, pattern]),
    ...redaction.attributes.map((attribute) => ["redacted attribute", attribute]),
  ]);
}
