import { openVectorStore, vectorStoreSettings } from "@signalbox/knowledge";
import { countText } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { type MemoryFigures, measureMemory } from "./measureMemory.ts";
import { madeUpSets, ownSet } from "./vectorSets.ts";

/** The flags of `signalbox bench memory`. */
interface BenchMemoryFlags {
  vectors: number;
  dimensions: number;
  queries: number;
  seed: number;
  file?: string;
}

/** `signalbox bench memory`: 0 when every search was answered. */
export const benchMemory: Act<BenchMemoryFlags> = ({ output, env, flags }) =>
  untilInterrupted(async (signal) => {
    const { file, ...madeUp } = flags;
    const settings = vectorStoreSettings(env);
    // Read before the store is opened, so that a mistake in the file shows at once.
    const own = file === undefined ? undefined : await ownSet(file, flags.queries);
    await using store = await openVectorStore(settings);
    const figures: Record<string, MemoryFigures> = {};
    for (const makeSet of own === undefined ? madeUpSets(madeUp) : [() => own]) {
      const set = makeSet();
      output.note(`Storing ${countText(set.stored.length)} ${set.name} vectors and searching ${set.queries.length} times …`);
      figures[set.name] = await measureMemory(store, set, signal);
    }
    output.result({ store: store.name, ...figures }, () => memoryText(store.name, figures));
    return EXIT.pass;
  });

function memoryText(store: string, figures: Readonly<Record<string, MemoryFigures>>): string {
  const row = (name: string, { vectors, dimensions, ...measured }: MemoryFigures): string[] => [
    name,
    `${countText(vectors)} × ${dimensions}`,
    measured.recallAt10.toFixed(4),
    countText(measured.queriesPerSecond),
    measured.queriesPerSecondPerCore === null ? "elsewhere" : countText(measured.queriesPerSecondPerCore),
    countText(measured.exactQueriesPerSecondPerCore),
    `${measured.buildSeconds} s`,
  ];
  return textTable([
    [store, "vectors", "recall@10", "queries/s", "per core", "compared with all", "stored in"],
    ...Object.entries(figures).map(([name, of]) => row(name, of)),
  ]);
}
