import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Example, keepModel, modelFolder, trainIntentModel } from "@signalbox/intents";

const RESERVATIONS = ["K2X4YZ", "ABCDEF", "Q7W8E9", "ZZTOP1", "M4N5B6", "LKJHG2", "P0O9I8", "U7Y6T5"];
const PHRASES: Readonly<Record<string, (reservation: string) => string>> = {
  cancel_reservation: (reservation) => `we are not travelling after all, drop reservation ${reservation}`,
  check_reservation: (reservation) => `what do you know of reservation ${reservation}`,
};

const TRAINING: readonly Example[] = Object.entries(PHRASES).flatMap(([intent, phrase]) =>
  RESERVATIONS.map((reservation) => ({ text: phrase(reservation), intent })),
);

const OFF_TOPIC = ["wie hoch ist der Turm", "sing mir ein Lied", "quelle heure est-il", "¿dónde está la biblioteca?"];

const VALIDATION: readonly Example[] = [
  ...TRAINING.map(({ text, intent }) => ({ text: text.replace("reservation", "trip"), intent })),
  ...OFF_TOPIC.map((text) => ({ text, intent: null })),
];

/** A data folder with a trained model of two of the airline's intents, phrased as no rule knows them; disposing it deletes the folder. */
export async function aKeptModel(): Promise<{ dataDir: string; version: string } & Disposable> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-model-"));
  const model = await trainIntentModel({
    training: TRAINING,
    validation: VALIDATION,
    outOfScopeRefused: 0.8,
    seed: 1,
    onProgress: async () => {},
  });
  const { version } = await keepModel(modelFolder(dataDir), "airline", model);
  return { dataDir, version, [Symbol.dispose]: () => rmSync(dataDir, { recursive: true }) };
}
