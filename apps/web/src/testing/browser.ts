import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Linux and macOS keep a Chrome or Chromium of their own. */
const SYSTEM_BROWSERS = [
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A real browser without a window: the system's if there is one, else the one that a package carries, with the libraries it needs. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

  // The package unpacks those libraries only where it believes to be in the cloud that it was made for.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs24.x";
  const { default: carried } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await carried.executablePath(), args: carried.args, headless: true });
}
