import type { Locator, Page } from "playwright-core";

const STOPS_MAX = 60;

/** Goes on by Tab until `target` has the focus. Throws where it is no stop on the way. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops <= STOPS_MAX; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not get to ${target}`);
}
