import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.js";
import { run } from "./run.js";
import { sayingSo } from "./sayingSo.js";

/** The packages in a lockfile: path → entry. */
function packagesIn(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : {};
}

/**
 * Whether npm's own record of the installation has everything in our lockfile. Optional packages may be missing: they are for other
 * machines.
 */
function isInstalled(withTools) {
  const installed = packagesIn(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(packagesIn(join(root, "package-lock.json"))).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/") || wanted.optional || wanted.devOptional || wanted.peer || (wanted.dev && !withTools))
      return true;
    return wanted.link ? path in installed : installed[path]?.version === wanted.version;
  });
}

/**
 * Installs exactly the lockfile's packages, unless they are installed already. `withTools` adds those needed only for development and
 * tests. No package runs a script. `npm ci` would refuse a lockfile without the optional binaries of platforms that a registry does not
 * carry; `install --no-save` leaves them out and changes no file.
 */
export async function install({ withTools }) {
  if (isInstalled(withTools)) return;
  process.stderr.write("Packages are installed; this happens once and takes about a minute.\n");
  const args = [
    "install",
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...(withTools ? [] : ["--omit=dev"]),
  ];
  const exitCode = await sayingSo("npm works …", run("npm", args, { cwd: root, quiet: true }));
  if (exitCode !== 0) throw new Error("The packages could not be installed; the lines above say why.");
}
