import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const SYSTEM_BROWSERS = [
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of the system's Chrome or Chromium, else of the one in the npm package. */
export async function findBrowser(): Promise<string> {
  const installed = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  // Makes the package unpack the shared libraries that a bare system lacks as well; it reads this when it is loaded.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs24.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

/**
 * Launches a real headless browser. The package's own arguments are left out: they put all pages into one process and switch web security
 * off.
 */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findBrowser(), args: ["--no-sandbox", "--disable-gpu"], headless: true });
}
