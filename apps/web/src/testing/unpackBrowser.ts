import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const BROWSER = pathToFileURL(join(import.meta.dirname, "browser.ts")).href;

/**
 * Finds the browser once, before files use it side by side: a package unpacks its own into a folder that all share, and would be
 * found there half-written. In a process of its own, for the package points the loader at libraries that are for the browser alone.
 */
export async function setup(): Promise<void> {
  const program = `const { findBrowser } = await import(${JSON.stringify(BROWSER)}); await findBrowser();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
}
