import type { Browser, Page } from "playwright-core";

/**
 * A page in a context of its own, without stored data; disposing it closes it. `open` resolves when the page answers to keys and clicks.
 * Script errors on the page are collected in `scriptErrors`.
 */
export type ConsolePage = AsyncDisposable & { page: Page; open: (path: string) => Promise<void>; scriptErrors: string[] };

/**
 * Runs in the page before its own scripts: marks the document once the console listens to keys, which it does when React has taken the
 * server's page over. Keys and clicks before that are lost.
 */
function markWhenListening(): void {
  const { addEventListener } = window;
  window.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    addEventListener.apply(window, given);
    if (given[0] === "keydown") document.documentElement.dataset.listening = "";
  };
}

/** Opens an empty page at 1440 × 900 in the given theme. */
export async function openPage(browser: Browser, { url }: { url: string }, theme: "light" | "dark" = "light"): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, colorScheme: theme, baseURL: url });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  await page.addInitScript(markWhenListening);
  const scriptErrors: string[] = [];
  page.on("pageerror", (error) => scriptErrors.push(error.message));
  return {
    page,
    scriptErrors,
    open: async (path) => {
      await page.goto(path);
      await page.locator("html[data-listening]").waitFor({ state: "attached" });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
