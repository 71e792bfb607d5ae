import type { Page } from "playwright-core";
import { barriers } from "./barriers.ts";
import type { ConsolePage } from "./consolePage.ts";

/** A screen in a state: its path, the selector to wait for, and the keys to press one after the other to open something over it. */
export type Screen = { name: string; path: string; wait: string; press?: string | readonly string[] };

const TEXT_CHARS_MAX = 600;

/** Waits until colour transitions are over: axe must not judge intermediate colours. */
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
 * Opens each screen once and returns axe's findings, light and dark. A screen that does not appear is reported with what is there instead,
 * and the others are still judged.
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
