/** Something to start, and what must be ready before it. */
export interface Startable {
  name: string;
  needs: readonly string[];
}

/**
 * The waves in which things start: each needs only earlier waves, and its members may start at once.
 * Stopping goes through them backwards. Throws on an unknown name, a duplicate name, and a cycle.
 */
export function startOrder<T extends Startable>(things: readonly T[]): T[][] {
  const names = new Set(things.map((thing) => thing.name));
  if (names.size < things.length) throw new Error("two parts have the same name");
  for (const thing of things) {
    const missing = thing.needs.find((need) => !names.has(need));
    if (missing !== undefined) throw new Error(`${thing.name} needs ${missing}, which is not there`);
  }

  const waves: T[][] = [];
  const started = new Set<string>();
  while (started.size < things.length) {
    const wave = things.filter((thing) => !started.has(thing.name) && thing.needs.every((need) => started.has(need)));
    if (wave.length === 0) throw new Error(`these wait for one another: ${[...names].filter((name) => !started.has(name)).join(", ")}`);
    for (const { name } of wave) started.add(name);
    waves.push(wave);
  }
  return waves;
}
