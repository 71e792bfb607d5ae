import { AppError, canonicalJson, type Scene, ToolCallAnswer, type ToolCallRequest } from "@signalbox/model";
import { type GroupCommitLimits, groupCommit } from "../../groupCommit.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { keepWorlds } from "./keepWorlds.ts";
import { oneAtATime } from "./oneAtATime.ts";
import { type OverlaidDocument, refuseBase, type WorldStore } from "./worldStore.ts";

/** A tool's answer, before it is known whether it is a replayed one. */
export type ToolAnswer = Omit<ToolCallAnswer, "replayed">;

/** The effect of a call, stored atomically: its answer, and the documents that it writes. */
export type ToolEffect<Write> = { answer: ToolAnswer; writes: readonly Write[] };

/** Executes tool calls on worlds. */
export type ToolEffects<Reader, Write> = {
  /**
   * Runs `work` for a scene and an idempotency key and stores its effect, answer and documents atomically; a known key
   * returns the stored answer. `work` sees the effects of all earlier calls of its scene, and is repeated when another
   * process was faster, so that none overwrites another's documents; it must have no other effects. If it rejects, nothing
   * is stored. Throws `not_found` for a world that is not loaded, `conflict` for a key that was used for another call.
   */
  callOnce(request: ToolCallRequest, work: (reader: Reader) => Promise<ToolEffect<Write>>): Promise<ToolCallAnswer>;
};

/** The record of a scene, and of one call in it (null: none). `effects` counts the calls stored so far. */
type Seen = { effects: number; call: unknown; answer: unknown; overlaid: OverlaidDocument[] };

/** An effect that may be stored if it is the next one of its scene: `position` calls were stored when it was computed. */
type NextEffect<Write> = { request: ToolCallRequest; position: number; effect: ToolEffect<Write> };

const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 64, bytesMax: 4 * 1024 * 1024, handoversMax: 2 };

/** Opens tool calls on a store of worlds. */
export function openToolEffects<Reader, Write>(prisma: PrismaClient, store: WorldStore<Reader, Write>): ToolEffects<Reader, Write> {
  const worlds = keepWorlds(prisma, store);
  const inScene = oneAtATime();
  const look = groupCommit(GROUP_COMMIT, (requests: ToolCallRequest[]) => lookAtAll(prisma, store, requests));
  const isStored = groupCommit(GROUP_COMMIT, (effects: NextEffect<Write>[]) => storeAll(prisma, store, effects));

  async function call(request: ToolCallRequest, work: (reader: Reader) => Promise<ToolEffect<Write>>): Promise<ToolCallAnswer> {
    const readerOf = await worlds(request.scene);
    for (;;) {
      const seen = await look(request, 0);
      if (seen.call !== null) return recordedAnswer(seen, request);
      const effect = await work(readerOf(seen.overlaid));
      const next = { request, position: seen.effects, effect };
      if (await isStored(next, JSON.stringify(next).length)) return { ...effect.answer, replayed: false };
    }
  }

  return {
    async callOnce(request, work) {
      refuseBase(request.scene);
      return inScene(sceneKey(request.scene), () => call(request, work));
    },
  };
}

function sceneKey({ domain, world, overlay }: Scene): string {
  return JSON.stringify([domain, world, overlay]);
}

/** The recorded answer of a call. Throws `conflict` if its key was used for another call. */
export function recordedAnswer(recorded: { call: unknown; answer: unknown }, { idempotencyKey, call }: ToolCallRequest): ToolCallAnswer {
  if (canonicalJson(recorded.call) === canonicalJson(call)) return ToolCallAnswer.parse({ ...(recorded.answer as object), replayed: true });
  throw new AppError("conflict", `The idempotency key ${JSON.stringify(idempotencyKey)} was used for another tool call.`);
}

function callColumns(requests: readonly ToolCallRequest[]): Prisma.Sql {
  return Prisma.sql`${requests.map(({ scene }) => scene.world)}::text[], ${requests.map(({ scene }) => scene.overlay)}::text[],
    ${requests.map(({ scene }) => scene.domain)}::text[], ${requests.map(({ idempotencyKey }) => idempotencyKey)}::text[]`;
}

async function lookAtAll<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
  requests: readonly ToolCallRequest[],
): Promise<Seen[]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<(Seen & { place: bigint })[]>`
    SELECT place, call, answer,
      (SELECT COALESCE(max(position), 0) FROM tool_effect AS effect
        WHERE effect.world = asked.world AND effect.overlay = asked.overlay AND effect.domain = asked.domain) AS effects,
      (SELECT COALESCE(json_agg(own), '[]') FROM (${store.overlaidOfAsked}) AS own) AS overlaid
    FROM unnest(${callColumns(requests)}) WITH ORDINALITY AS asked (world, overlay, domain, idempotency_key, place)
    LEFT JOIN tool_effect USING (world, overlay, domain, idempotency_key)`,
  );
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  return requests.map((_, index) => {
    const seen = byPlace.get(index + 1);
    if (seen === undefined) throw new TypeError("PostgreSQL answered nothing of a call");
    return seen;
  });
}

/** Stores those of `effects` that are the next ones of their scenes; returns which. */
async function storeAll<Reader, Write>(
  prisma: PrismaClient,
  store: WorldStore<Reader, Write>,
  effects: readonly NextEffect<Write>[],
): Promise<boolean[]> {
  const writes = effects.flatMap(({ request: { scene, idempotencyKey }, effect }) =>
    effect.writes.map((write) => ({ scene, idempotencyKey, write })),
  );
  const stored = await askStateStore(
    () => prisma.$queryRaw<{ key: string }[]>`
    WITH asked AS (
      SELECT * FROM unnest(
        ${callColumns(effects.map(({ request }) => request))}, ${effects.map(({ position }) => position + 1)}::integer[],
        ${effects.map(({ request }) => JSON.stringify(request.call))}::text[], ${effects.map(({ effect }) => JSON.stringify(effect.answer))}::text[]
      ) AS asked (world, overlay, domain, idempotency_key, position, call, answer)
    ), fence AS (
      INSERT INTO tool_effect (world, overlay, domain, idempotency_key, position, call, answer)
      SELECT world, overlay, domain, idempotency_key, position, call::json, answer::json FROM asked ORDER BY 1, 2, 3, 4
      ON CONFLICT DO NOTHING
      RETURNING world, overlay, domain, idempotency_key
    ), ${store.writeParts(writes)}
    SELECT json_build_array(domain, world, overlay, idempotency_key)::text AS key FROM fence`,
  );
  const keys = new Set(stored.map(({ key }) => JSON.stringify(JSON.parse(key))));
  return effects.map(({ request: { scene, idempotencyKey } }) =>
    keys.has(JSON.stringify([scene.domain, scene.world, scene.overlay, idempotencyKey])),
  );
}
