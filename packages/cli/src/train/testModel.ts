import { type ClassifiedRow, type IntentScore, scoreIntents } from "@signalbox/evals";
import { type Example, type IntentModel, openIntentModel } from "@signalbox/intents";

/** Over a shorter time, a rate says more about the clock than about the model. */
const MEASURED_MS_MIN = 1_000;

/** A model's results on rows that it has not seen. */
export interface TestReport extends IntentScore {
  /** The number of rows whose text is also in the model's data: they test nothing. */
  alsoInData: number;
  /** Texts classified per second of one core's time. */
  inferencesPerSecondPerCore: number;
}

function measureRate(classify: (text: string) => unknown, texts: readonly string[]): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let classified = 0;
  while (performance.now() - startedAt < MEASURED_MS_MIN) {
    for (const text of texts) classify(text);
    classified += texts.length;
  }
  const { user, system } = process.cpuUsage(before);
  return Math.round((classified * 1e6) / (user + system));
}

/** Scores a model on labelled rows, and measures its speed. `data` is everything on which it was trained and calibrated. */
export function testModel(model: IntentModel, rows: readonly Example[], data: readonly Example[]): TestReport {
  const classify = openIntentModel(model);
  const classified = rows.map(({ text, intent }): ClassifiedRow => ({ expected: intent, ...classify(text) }));
  const known = new Set(data.map(({ text }) => text));
  return {
    ...scoreIntents(classified),
    alsoInData: rows.filter(({ text }) => known.has(text)).length,
    inferencesPerSecondPerCore: measureRate(
      classify,
      rows.map(({ text }) => text),
    ),
  };
}
