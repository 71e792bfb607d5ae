import { expect, test } from "vitest";
import { aKeptModel } from "../../testing/keptModel.ts";
import { planByRules } from "../planning/rules/rulesPlanner.ts";
import { openLanguageService } from "./languageService.ts";
import { openTrainedClassifier } from "./trainedClassifier.ts";

test("a trained model understands what it was shown, and details are found as with rules", async () => {
  using kept = await aKeptModel();
  const { understand } = openLanguageService(await openTrainedClassifier(kept.dataDir, kept.version));
  const understanding = await understand({ domain: "airline", message: "We are not travelling now, drop reservation G4H5J6." });
  expect(understanding).toMatchObject({ intent: "cancel_reservation", abstained: false, slots: { reservation_id: "G4H5J6" } });
  expect(understanding.confidence).toBeGreaterThan(0.5);
});

test("below its threshold it abstains, and no plan is made of its best guess", async () => {
  using kept = await aKeptModel();
  const { understand } = openLanguageService(await openTrainedClassifier(kept.dataDir, kept.version));
  const understanding = await understand({ domain: "airline", message: "Wann öffnet die Lounge?" });
  expect(understanding.abstained).toBe(true);
  expect(() => planByRules({ domain: "airline", message: "Wann öffnet die Lounge?", understanding, turns: [] })).toThrow(
    expect.objectContaining({ code: "invalid_input" }),
  );
});

test("an unknown version is refused, and the hint names the known ones", async () => {
  using kept = await aKeptModel();
  await expect(openTrainedClassifier(kept.dataDir, "airline-0123456789abcdef")).rejects.toMatchObject({
    code: "not_found",
    hint: expect.stringContaining(kept.version),
  });
});
