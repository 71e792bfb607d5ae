import type { Browser, Page } from "playwright-core";

/**
 * A page in a context of its own, without stored data; disposing it closes it. Script errors on the page are collected in `scriptErrors`.
 */
export type ConsolePage = AsyncDisposable & { page: Page; open: (path: string) => Promise<void>; scriptErrors: string[] };

/** Opens an empty page at 1440 × 900 in the given theme. */
export async function openPage(browser: Browser, { url }: { url: string }, theme: "light" | "dark" = "light"): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, colorScheme: theme, baseURL: url });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const scriptErrors: string[] = [];
  page.on("pageerror", (error) => scriptErrors.push(error.message));
  return {
    page,
    scriptErrors,
    open: async (path) => {
      await page.goto(path);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
