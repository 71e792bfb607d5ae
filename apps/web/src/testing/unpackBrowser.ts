import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const BROWSER = pathToFileURL(join(import.meta.dirname, "browser.ts")).href;

/**
 * Unpacks the browser once, before test files use it concurrently: the npm package unpacks it into a shared folder, where others would find
 * it half-written. It runs in a process of its own, because the package points the dynamic loader at libraries meant only for the browser.
 */
export async function setup(): Promise<void> {
  const program = `const { findBrowser } = await import(${JSON.stringify(BROWSER)}); await findBrowser();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
}
