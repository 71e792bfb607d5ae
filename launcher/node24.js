import { cpSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { dataDir, root } from "./places.js";
import { run } from "./run.js";
import { wholeFolder } from "./wholeFolder.js";

/** The oldest major version of Node that runs the back end's TypeScript without a build. */
const NODE_MAJOR_MIN = 24;

const pins = join(root, "launcher", "node");

/** The name and version of the registry package with Node for this machine, if there is one. */
function packageForThisMachine() {
  const { packages } = JSON.parse(readFileSync(join(pins, "package-lock.json"), "utf8"));
  for (const [path, { os, cpu, version }] of Object.entries(packages)) {
    if (os === process.platform && cpu === process.arch) return { name: path.replace("node_modules/", ""), version };
  }
  return undefined;
}

/**
 * The folder of a Node that is new enough: the running one, or the pinned one, fetched once into the data folder. The lockfile beside the
 * pins has the checksum that npm verifies.
 */
async function nodeFolder() {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR_MIN) return dirname(realpathSync(process.execPath));

  const wanted = packageForThisMachine();
  if (wanted === undefined) {
    throw new Error(
      `Signalbox needs Node ${NODE_MAJOR_MIN}; this is ${process.version} on ${process.platform}-${process.arch}. Install Node ${NODE_MAJOR_MIN} and try again.`,
    );
  }
  const home = join(dataDir, `node-${wanted.version}`);
  const folder = join("node_modules", wanted.name, "bin");
  await wholeFolder(home, join(folder, "node"), async (draft) => {
    process.stderr.write(
      `Node ${wanted.version} is fetched into ${home} (this machine has ${process.version}, Signalbox runs on ${NODE_MAJOR_MIN}).\n`,
    );
    cpSync(pins, draft, { recursive: true });
    const exitCode = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: draft,
      quiet: true,
    });
    if (exitCode !== 0)
      throw new Error(
        `Node ${wanted.version} could not be fetched; the lines above say why. With a Node ${NODE_MAJOR_MIN} on the PATH nothing is fetched.`,
      );
  });
  return join(home, folder);
}

/** Puts a Node that is new enough first on the PATH of everything started from here, and returns the path of its executable. */
export async function useNode24() {
  const folder = await nodeFolder();
  process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ""}`;
  return join(folder, "node");
}
