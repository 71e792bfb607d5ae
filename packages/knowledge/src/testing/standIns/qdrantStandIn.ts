import { type Answered, type KeptPoint, nearestPoints, openStandIn, type StandIn } from "./standIn.ts";

const done = (result: unknown): Answered => ({ status: 200, body: { result, status: "ok", time: 0 } });
const failed = (status: number, error: string): Answered => ({ status, body: { status: { error }, time: 0 } });

/** A stand-in for Qdrant, limited to what we use, written by hand after its REST reference (api.qdrant.tech). */
export function openQdrantStandIn(): Promise<StandIn> {
  const collections = new Map<string, { size: number; points: Map<string, KeptPoint> }>();
  return openStandIn(
    ({ headers }) => headers["api-key"]?.toString(),
    ({ method, path, body }) => {
      const [, , name = "", ...rest] = path.split("/");
      const what = `${method} ${rest.join("/")}`;
      const collection = collections.get(name);
      if (what === "GET exists") return done({ exists: collection !== undefined });
      if (what === "PUT ") {
        if (collection !== undefined) return failed(409, `Collection ${name} already exists`);
        collections.set(name, { size: body.vectors.size, points: new Map() });
        return done(true);
      }
      if (what === "DELETE ") return done(collections.delete(name));
      if (collection === undefined) return failed(404, `Collection ${name} doesn't exist`);
      const { size, points } = collection;
      const isWrong = (vector: number[]): boolean => vector.length !== size;
      switch (what) {
        case "PUT index":
          return done({ operation_id: 1, status: "completed" });
        case "PUT points":
          if (body.points.some(({ vector }: KeptPoint) => isWrong(vector))) return failed(400, "Wrong input: Vector dimension error");
          for (const { id, vector, payload } of body.points) points.set(id, { id, vector, properties: payload });
          return done({ operation_id: 2, status: "completed" });
        case "POST points/query": {
          if (isWrong(body.query)) return failed(400, "Wrong input: Vector dimension error");
          const groups = (body.filter?.must ?? []).map(({ match }: { match: { any: string[] } }) => match.any);
          const found = nearestPoints(points.values(), body.query, body.limit, groups);
          return done({
            points: found.map(({ point, score }) => ({ id: point.id, version: 1, score, payload: { record: point.properties.record } })),
          });
        }
        case "POST points/delete":
          for (const id of body.points) points.delete(id);
          return done({ operation_id: 3, status: "completed" });
        case "POST snapshots":
          return done({ name: `${name}-1.snapshot`, creation_time: null, size: 0, checksum: null });
        default:
          return failed(404, `${what} is not known here`);
      }
    },
  );
}
