import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Beside the tools that the launcher fetches. */
const CACHE = fileURLToPath(new URL("../../../../../.signalbox/", import.meta.url));

/** pip's timeout in seconds; an unresponsive registry is given up after three times as long. */
const ANSWER_S_MAX = 20;

/** The interpreter of an environment with the packages of a requirements file, or the reason why this machine has none. */
export type PythonEnvironment = { kind: "ready"; python: string } | { kind: "missing"; reason: string };

/** The folder of environments, and the environment variables for pip, such as the registry to use. */
interface Surroundings {
  cache: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Creates a virtual environment with the exact packages of a requirements file, which also lists transitive dependencies. An environment
 * made earlier from the same file by the same Python is reused.
 */
export async function pythonEnvironment(
  requirements: URL,
  { cache, env }: Surroundings = { cache: CACHE, env: process.env },
): Promise<PythonEnvironment> {
  const file = fileURLToPath(requirements);
  try {
    const { stdout: version } = await run("python3", ["--version"], { env });
    const hash = createHash("sha256").update(version);
    const folder = join(
      cache,
      `python-${hash
        .update(await readFile(file))
        .digest("hex")
        .slice(0, 16)}`,
    );
    if (!existsSync(folder)) await makeEnvironment(folder, file, env);
    return { kind: "ready", python: join(folder, "bin", "python") };
  } catch (error) {
    return { kind: "missing", reason: `Python and the packages of ${basename(file)} cannot be had here: ${lastWordsOf(error)}` };
  }
}

/** Creates the environment under another name first: only a complete one gets the folder's name. */
async function makeEnvironment(folder: string, requirements: string, env: NodeJS.ProcessEnv): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  const patience = ["--retries", "2", "--timeout", String(ANSWER_S_MAX)];
  try {
    await mkdir(join(folder, ".."), { recursive: true });
    await run("python3", ["-m", "venv", draft], { env });
    await run(join(draft, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-deps", ...patience, "-r", requirements], { env });
    await rename(draft, folder).catch((error: unknown) => {
      // Another test has created it meanwhile, from the same file.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The last line of a failed command's output, which says what failed. */
function lastWordsOf(error: unknown): string {
  const { stderr = "", message } = error as { stderr?: string; message: string };
  return stderr.trim().split("\n").at(-1) || message;
}
