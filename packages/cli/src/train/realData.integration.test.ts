import { join } from "node:path";
import { trainIntentModel } from "@signalbox/intents";
import { expect, test } from "vitest";
import { readIntentData, readIntentFile } from "./intentFiles.ts";
import { type TestReport, testModel } from "./testModel.ts";

const testData = process.env.SIGNALBOX_TEST_DATA;

async function trainAndTest(folder: string, files: readonly string[]): Promise<TestReport> {
  const path = join(testData ?? "", folder);
  const data = await readIntentData(path, "oos");
  const model = await trainIntentModel({ ...data, outOfScopeRefused: 0.8, seed: 0, onProgress: async () => {} });
  const rows = await Promise.all(files.map((file) => readIntentFile(join(path, file), "oos")));
  return testModel(model, rows.flat(), [...data.training, ...data.validation]);
}

/** Fails with the figure when it is below its limit. */
const atLeast = (limit: number) => expect.toSatisfy((share: unknown) => typeof share === "number" && share >= limit, `at least ${limit}`);
const below = (limit: number) => expect.toSatisfy((share: unknown) => typeof share === "number" && share < limit, `below ${limit}`);

test.skipIf(testData === undefined)("BANKING77: accuracy, calibration and what the surest nine tenths are worth", async () => {
  expect(await trainAndTest("banking77", ["dev.csv"])).toMatchObject({
    rows: { inScope: 1_540, outOfScope: 0 },
    accuracy: atLeast(0.91),
    accuracyOfSurest90: atLeast(0.96),
    calibrationError: below(0.03),
    alsoInData: 0,
  });
});

test.skipIf(testData === undefined)("CLINC150: the same, and what it does with questions out of scope", async () => {
  expect(await trainAndTest("clinc150", ["dev.json", "oos_dev.json"])).toMatchObject({
    rows: { inScope: 2_250, outOfScope: 500 },
    accuracy: atLeast(0.925),
    accuracyOfSurest90: atLeast(0.96),
    calibrationError: below(0.03),
    accuracyAtThreshold: atLeast(0.895),
    outOfScopeRecall: atLeast(0.78),
  });
});
