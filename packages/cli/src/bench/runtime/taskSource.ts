import type { readWorld } from "@signalbox/db/prisma";
import { FAILS_FOR_GOOD, newId, type TaskRequest } from "@signalbox/model";
import { pick, seededRandom } from "../../loadgen/spans/seededRandom.ts";

/** The name of the world that the airline demo loads. */
export const WORLD = "demo";

type World = Awaited<ReturnType<typeof readWorld>>;

/** A kind of task, with its weight out of ten. */
type Kind = { name: string; weight: number; message: (world: World, random: () => number) => string };

const reservationOf = ({ reservations }: World, random: () => number) => {
  const [id, reservation] = pick([...reservations], random) as [string, { user_id: string }];
  return { id, userId: reservation.user_id };
};

/** Half of them look something up, half change something: one tool call or two, an effect or none. */
const KINDS: readonly Kind[] = [
  {
    name: "Look up a reservation",
    weight: 3,
    message: (world, random) => {
      const { id, userId } = reservationOf(world, random);
      return `Hello, what is the status of my reservation ${id}? My user id is ${userId}.`;
    },
  },
  {
    name: "Search flights",
    weight: 2,
    message: ({ flights }, random) => {
      const [, flight] = pick([...flights], random) as [string, { origin: string; destination: string }];
      return `Which direct flights are there from ${flight.origin} to ${flight.destination} on 2024-05-20?`;
    },
  },
  {
    name: "Add a bag",
    weight: 3,
    message: (world, random) => {
      const { id, userId } = reservationOf(world, random);
      return `Please add one bag to reservation ${id}. I am ${userId}.`;
    },
  },
  {
    name: "Cancel a reservation",
    weight: 2,
    message: (world, random) => {
      const { id, userId } = reservationOf(world, random);
      return `Please cancel my reservation ${id}. User ${userId}.`;
    },
  },
];

/** A variant that fails for good where "marked" is planted, drawn once out of twelve. */
const failing = (kind: Kind): Kind => ({
  ...{ name: `${kind.name}, and fail`, weight: 1 },
  message: (world, random) => `${kind.message(world, random)} ${FAILS_FOR_GOOD}`,
});

const [LOOK_UP, , ADD_BAG] = KINDS as [Kind, Kind, Kind, Kind];

/** Kinds of task that end as dead letters: one that has changed nothing by then, and one that has added a bag. */
export const FAILING = { unchanged: failing(LOOK_UP), changed: failing(ADD_BAG) };

/**
 * Draws tasks for the airline agent, each with an id and a session of its own. The
 * same seed asks for the same things; `hasFailing` mixes in tasks that fail for good.
 */
export function taskSource(world: World, seed: number, { hasFailing = false } = {}): () => TaskRequest & { id: string } {
  const random = seededRandom(seed);
  const kinds = hasFailing ? [...KINDS, ...Object.values(FAILING)] : KINDS;
  const deck = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  return () => {
    const { name, message } = pick(deck, random);
    const id = newId();
    return {
      ...{ id, name, message: message(world, random), project: "default", domain: "airline", world: WORLD },
      ...{ planner: { kind: "rules" as const }, session: `bench-${id}`, tags: [] },
    };
  };
}
