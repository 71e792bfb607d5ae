import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** One instruction of a container file, and what follows it. */
interface Step {
  instruction: string;
  text: string;
}

/** A stage of a container file: what it begins with, and its steps. */
interface Stage {
  name: string;
  base: string;
  steps: Step[];
}

/** What a stage comes to when its steps are executed in a folder. */
export interface Built {
  /** The folder that stands for the root of the container. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  command: string[];
  healthCheck: string[];
}

/** What commands find in their environment besides the container's own. npm asks the registry for nothing that it has fetched before. */
const ON_THIS_MACHINE = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_prefer_offline: "true" };

/** Reads a container file; a line that ends with a backslash goes on in the next one. */
export function parseContainerFile(text: string): Stage[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const steps = lines.flatMap((line) => {
    const { instruction, rest } = /^(?<instruction>[A-Z]+)\s+(?<rest>.*)$/.exec(line)?.groups ?? {};
    return instruction === undefined || rest === undefined ? [] : [{ instruction, text: rest }];
  });
  const stages: Stage[] = [];
  for (const step of steps) {
    const [base = "", , name = ""] = step.text.split(/\s+/);
    if (step.instruction === "FROM") stages.push({ name, base, steps: [] });
    else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

/** The patterns of a .dockerignore that this reads: `**\/name` and `**\/*.suffix`. */
function ignoreFilter(patterns: readonly string[]): (path: string) => boolean {
  return (path) =>
    !patterns.some((pattern) => {
      const name = pattern.replace("**/", "");
      return name.startsWith("*") ? basename(path).endsWith(name.slice(1)) : basename(path) === name;
    });
}

/**
 * Executes the steps of stages in folders under `place`, with `repository` as the build's
 * context: copies are made and commands run, but there is no container around them.
 */
export function openContainerBuild(repository: string, file: string, place: string) {
  const stages = parseContainerFile(readFileSync(join(repository, file), "utf8"));
  const ignored = readFileSync(join(repository, `${file}.dockerignore`), "utf8")
    .split("\n")
    .filter(Boolean);
  const isTaken = ignoreFilter(ignored);
  const built = new Map<string, Built>();

  const copy = (text: string, into: Built): void => {
    const words = text.split(/\s+/);
    const from = words[0]?.startsWith("--from=") ? words.shift()?.slice("--from=".length) : undefined;
    const target = resolve(into.workdir, words.pop() ?? ".");
    for (const source of words) {
      if (from !== undefined) {
        // What was installed is large, and nothing changes it.
        const folder = join(build(from).root, source);
        for (const entry of readdirSync(folder)) symlinkSync(join(folder, entry), join(target, entry));
        continue;
      }
      const path = join(repository, source);
      const isInto = words.length > 1 || (text.endsWith("/") && !statSync(path).isDirectory());
      cpSync(path, isInto ? join(target, basename(source)) : target, { recursive: true, filter: isTaken });
    }
  };

  const perform = ({ instruction, text }: Step, into: Built): void => {
    switch (instruction) {
      case "WORKDIR":
        into.workdir = join(into.root, text);
        mkdirSync(into.workdir, { recursive: true });
        break;
      case "COPY":
        copy(text, into);
        break;
      case "RUN":
        execFileSync("sh", ["-c", text], { cwd: into.workdir, env: { ...ON_THIS_MACHINE, ...into.env } });
        break;
      case "ENV":
        into.env[text.slice(0, text.indexOf("="))] = text.slice(text.indexOf("=") + 1);
        break;
      case "CMD":
        into.command = JSON.parse(text);
        break;
      case "HEALTHCHECK":
        into.healthCheck = JSON.parse(text.slice(text.indexOf("[")));
        break;
      case "USER":
      case "STOPSIGNAL":
      case "EXPOSE":
        break;
      default:
        throw new Error(`${instruction} is not understood here`);
    }
  };

  /** Executes a stage, once, and what it begins with before it. */
  const build = (name: string): Built => {
    const known = built.get(name);
    if (known !== undefined) return known;
    const stage = stages.find((each) => each.name === name);
    if (stage === undefined) throw new Error(`there is no stage ${name}`);
    const isFromOther = stages.some((each) => each.name === stage.base);
    const base = isFromOther ? build(stage.base) : { root: join(place, name), workdir: "", env: {}, command: [], healthCheck: [] };
    const own = { ...base, env: { ...base.env } };
    mkdirSync(own.root, { recursive: true });
    for (const step of stage.steps) perform(step, own);
    built.set(name, own);
    return own;
  };

  return { stages, build };
}
