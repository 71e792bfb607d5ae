import type { Page } from "playwright-core";
import { barriers } from "./barriers.ts";
import type { ConsolePage } from "./consolePage.ts";

/** A screen in a state: where it is, what must be there, and what is pressed one after the other to open something over it. */
export type Screen = { name: string; path: string; wait: string; press?: string | readonly string[] };

const TEXT_CHARS_MAX = 600;

/** Waits until colours are as they stay: they are not judged on their way there. */
function untilStill(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((animation) => animation.finished),
    ),
  );
}

async function show({ page, open }: ConsolePage, { path, wait, press }: Screen): Promise<void> {
  await open(path);
  await page.locator(wait).first().waitFor();
  if (press !== undefined) {
    for (const key of [press].flat()) await page.keyboard.press(key);
    await page.locator("[role=dialog], [role=menu]").first().waitFor();
  }
}

/**
 * Opens each screen once; answers what axe finds there, light and dark. One that does
 * not come is told with what is there instead, and the others are judged all the same.
 */
export async function judgeScreens(opened: ConsolePage, screens: readonly Screen[]): Promise<Record<string, string[]>> {
  const { page } = opened;
  const found: Record<string, string[]> = {};
  for (const screen of screens) {
    try {
      await show(opened, screen);
    } catch (error) {
      found[screen.name] = [String(error), (await page.locator("body").ariaSnapshot()).slice(-TEXT_CHARS_MAX)];
      continue;
    }
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-theme=${theme}]`).waitFor();
      await untilStill(page);
      const barrier = await barriers(page);
      if (barrier.length > 0) found[`${screen.name}, ${theme}`] = barrier;
    }
  }
  return found;
}
