import type { AirlineData, AirlineReader, AirlineWrite, ToolCallRequest } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/testStores.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { listAirlineAccounts } from "./airlineAccounts.ts";
import { AIRLINE_STORE, listOverlaid, loadWorld, readWorld } from "./airlineStore.ts";
import { readChanged } from "./changedDocuments.ts";
import { openToolEffects } from "./toolEffectStore.ts";
import { dropOverlay } from "./worldStore.ts";

let stores: TestStores;
let prisma: PrismaClient;
/** A separate world for every test. */
let world: string;
let worlds = 0;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  effects = openEffects();
});

afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  worlds += 1;
  world = `world-${worlds}`;
});

const flight = (flight_number: string, origin: string, destination: string) => ({
  flight_number,
  origin,
  destination,
  scheduled_departure_time_est: "08:00:00",
  scheduled_arrival_time_est: "10:00:00",
  dates: {},
});

/** Three flights, not in alphabetical order, and a user whose keys are not either. */
function aWorld(): AirlineData {
  const user = { zeta: 1, alpha: { "b\u0000": "ü", a: [] } };
  return {
    flights: { F9: flight("F9", "A", "B"), F1: flight("F1", "A", "B"), F5: flight("F5", "B", "C") },
    reservations: {},
    users: { ada_1: user as unknown as AirlineData["users"][string] },
  };
}

const scene = (overlay = "one") => ({ domain: "airline", world, overlay });
const aCall = (changes: Partial<ToolCallRequest> = {}): ToolCallRequest => ({
  scene: scene(),
  idempotencyKey: "1",
  call: { name: "write", arguments: { b: 1, a: 2 } },
  ...changes,
});

type Effects = ReturnType<typeof openToolEffects<AirlineReader, AirlineWrite>>;
/** Opens the effects as a separate process would. */
const openEffects = (): Effects => openToolEffects(prisma, AIRLINE_STORE);
let effects: Effects;
const once: Effects["callOnce"] = (request, work) => effects.callOnce(request, work);

/** A piece of work that leaves documents behind and answers `said`. */
const leaves =
  (said: string, ...writes: AirlineWrite[]) =>
  async () => ({ answer: { output: said, isError: false, endsEpisode: false }, writes });
const user = (document: Record<string, unknown>): AirlineWrite => ({ table: "users", id: "ada_1", document });

/** A reader's view of a scene, by a call that leaves nothing. */
async function look<T>(overlay: string, read: (reader: AirlineReader) => Promise<T>): Promise<T> {
  let seen: T | undefined;
  await once(aCall({ scene: scene(overlay), idempotencyKey: `look ${Math.random()}` }), async (reader) => {
    seen = await read(reader);
    return leaves("")();
  });
  return seen as T;
}

test("a world that is loaded by many at once is loaded once, with the order of its keys", async () => {
  await Promise.all([1, 2, 3, 4].map(() => loadWorld(prisma, world, aWorld())));
  await loadWorld(prisma, world, aWorld());
  const { flights, users } = await readWorld(prisma, world);
  expect(flights.size).toBe(3);
  expect(JSON.stringify(users.get("ada_1"))).toBe(JSON.stringify(aWorld().users.ada_1));
});

test("a load that fails halfway leaves no world behind", async () => {
  const broken = { ...aWorld(), flights: { F1: {} } } as unknown as AirlineData;
  await expect(loadWorld(prisma, world, broken)).rejects.toThrow();
  await expect(readWorld(prisma, world)).rejects.toMatchObject({ code: "not_found" });
  await loadWorld(prisma, world, aWorld());
  expect((await readWorld(prisma, world)).flights.size).toBe(3);
});

test("a name stands for the same data for ever", async () => {
  await loadWorld(prisma, world, aWorld());
  await expect(loadWorld(prisma, world, { ...aWorld(), users: {} })).rejects.toMatchObject({ code: "conflict" });
});

test("flights are found by their route, in the order of the data set", async () => {
  await loadWorld(prisma, world, aWorld());
  const numbers = async (route: { origin?: unknown; destination?: unknown }) =>
    (await look("one", (reader) => reader.flights(route))).map(({ flight_number }) => flight_number);
  expect(await numbers({ origin: "A", destination: "B" })).toEqual(["F9", "F1"]);
  expect(await numbers({ destination: "C" })).toEqual(["F5"]);
  expect(await numbers({ origin: 7 })).toEqual([]);
});

test("an overlay sees what was written in it, in its place, and others see the world", async () => {
  await loadWorld(prisma, world, aWorld());
  const changed = { ...flight("F9", "A", "B"), dates: { today: 1 } };
  await once(aCall(), leaves("ok", user({ b: 1, a: 2 }), { table: "flights", id: "F9", document: changed }));
  expect(JSON.stringify(await look("one", (reader) => reader.get("users", "ada_1")))).toBe('{"b":1,"a":2}');
  expect(await look("one", (reader) => reader.flights({ origin: "A" }))).toEqual([changed, flight("F1", "A", "B")]);
  expect(await look("two", (reader) => reader.get("users", "ada_1"))).toEqual(aWorld().users.ada_1);
  expect(await look("two", (reader) => reader.flights({ origin: "A" }))).toEqual([flight("F9", "A", "B"), flight("F1", "A", "B")]);
});

test("an id that no text can be names nothing", async () => {
  await loadWorld(prisma, world, aWorld());
  expect(await look("one", (reader) => reader.get("users", "ada_1\0"))).toBeUndefined();
  expect(await look("one", (reader) => reader.get("users", ["ada_1"]))).toBeUndefined();
});

test("the same key answers what was stored, and does nothing again", async () => {
  await loadWorld(prisma, world, aWorld());
  const said = "NUL \0, half a pair \ud800, ü";
  expect(await once(aCall(), leaves(said, user({ n: 1 })))).toMatchObject({ output: said, replayed: false });
  expect(await once(aCall(), leaves("again", user({ n: 2 })))).toMatchObject({ output: said, replayed: true });
  expect(await look("one", (reader) => reader.get("users", "ada_1"))).toEqual({ n: 1 });
});

test("the same key in another overlay is another call, and for another call it is refused", async () => {
  await loadWorld(prisma, world, aWorld());
  await once(aCall(), leaves("first"));
  expect(await once(aCall({ scene: scene("two") }), leaves("second"))).toMatchObject({ output: "second" });
  const other = aCall({ call: { name: "write", arguments: { b: 1, a: 3 } } });
  await expect(once(other, leaves("third"))).rejects.toMatchObject({ code: "conflict" });
  const reordered = aCall({ call: { name: "write", arguments: { a: 2, b: 1 } } });
  expect(await once(reordered, leaves("fourth"))).toMatchObject({ output: "first", replayed: true });
});

test("a call made many times at once is done once", async () => {
  await loadWorld(prisma, world, aWorld());
  let done = 0;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      once(aCall(), async () => {
        done += 1;
        return leaves(`number ${done}`, user({ done }))();
      }),
    ),
  );
  expect(done).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ output }) => output))).toEqual(new Set(["number 1"]));
});

test("a call made at once in many processes is stored once, and all answer the same", async () => {
  await loadWorld(prisma, world, aWorld());
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, process) => openEffects().callOnce(aCall(), leaves(`of ${process}`, user({ process })))),
  );
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ output }) => output)).size).toBe(1);
});

test.each([
  ["a process", () => effects],
  ["many processes", openEffects],
])("calls that %s makes at once in an overlay lose none of one another's writes", async (_, effectsOf) => {
  await loadWorld(prisma, world, { ...aWorld(), users: { ada_1: { n: 0 } as unknown as AirlineData["users"][string] } });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      effectsOf().callOnce(aCall({ idempotencyKey: String(index) }), async (reader) => {
        const { n } = (await reader.get("users", "ada_1")) as unknown as { n: number };
        return leaves("", user({ n: n + 1 }))();
      }),
    ),
  );
  expect(await look("one", (reader) => reader.get("users", "ada_1"))).toEqual({ n: 20 });
});

test("work that rejects leaves neither documents nor an answer", async () => {
  await loadWorld(prisma, world, aWorld());
  await expect(once(aCall(), () => Promise.reject(new Error("power cut")))).rejects.toThrow("power cut");
  expect(await once(aCall(), leaves("done"))).toMatchObject({ output: "done", replayed: false });
});

test("a scene needs a world that is loaded and an overlay of its own", async () => {
  await expect(once(aCall(), leaves(""))).rejects.toMatchObject({ code: "not_found" });
  await loadWorld(prisma, world, aWorld());
  await expect(once(aCall({ scene: scene("") }), leaves(""))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(listOverlaid(prisma, scene(""))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(dropOverlay(prisma, scene(""))).rejects.toMatchObject({ code: "invalid_input" });
});

test("an overlay lists its documents over those of the world, until it is dropped whole", async () => {
  await loadWorld(prisma, world, aWorld());
  const reservation: AirlineWrite = { table: "reservations", id: "HATHAT", document: { new: true } };
  await once(aCall(), leaves("", user({ n: 1 }), reservation));
  const listed = await listOverlaid(prisma, scene());
  expect(listed).toHaveLength(2);
  expect(listed).toContainEqual({ table: "users", id: "ada_1", document: { n: 1 }, base: aWorld().users.ada_1 });
  expect(listed).toContainEqual({ table: "reservations", id: "HATHAT", document: { new: true }, base: null });

  expect(await readChanged(prisma, scene())).toEqual({ "users/ada_1": { n: 1 }, "reservations/HATHAT": { new: true } });
  // A document that was changed back counts as unchanged.
  await once(aCall({ idempotencyKey: "2" }), leaves("", user({ ...aWorld().users.ada_1 })));
  expect(await readChanged(prisma, scene())).toEqual({ "reservations/HATHAT": { new: true } });

  await dropOverlay(prisma, scene());
  expect(await listOverlaid(prisma, scene())).toEqual([]);
  expect(await once(aCall(), leaves("anew"))).toMatchObject({ output: "anew", replayed: false });
  expect((await readWorld(prisma, world)).users.size).toBe(1);
});

test("the account of a task has the calls that were not refused, in their order, and the documents that they left", async () => {
  await loadWorld(prisma, world, aWorld());
  const refused = async () => ({ answer: { output: "no", isError: true, endsEpisode: false }, writes: [] });
  const call = (name: string) => ({ name, arguments: {} });
  await once(aCall({ call: call("first") }), leaves("", user({ n: 1 })));
  await once(aCall({ idempotencyKey: "2", call: call("refused") }), refused);
  await once(aCall({ idempotencyKey: "0", call: call("second") }), leaves(""));
  await once(aCall({ scene: scene("other") }), leaves("", user({ n: 2 })));

  expect(await listAirlineAccounts(prisma, world, ["one", "none"])).toEqual([
    {
      ...{ taskId: "one", calls: [call("first"), call("second")] },
      documents: [{ table: "users", id: "ada_1", document: { n: 1 }, base: aWorld().users.ada_1 }],
    },
  ]);
});
