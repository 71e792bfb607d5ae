import { type Answered, type KeptPoint, nearestPoints, openStandIn, type StandIn } from "./standIn.ts";

const failed = (status: number, message: string): Answered => ({ status, body: { error: [{ message }] } });

/** The only GraphQL query that we send. */
const QUERY = /^\{Get\{(\w+)\((.*)\)\{record _additional \{ distance \}\}\}\}$/s;

/** The values of each `valueText` in a `where`. */
const textsOf = (where: string): string[][] => Array.from(where.matchAll(/valueText:(\[[^\]]*\])/g), ([, list = "[]"]) => JSON.parse(list));

/** A stand-in for Weaviate, limited to what we use, written by hand after its REST and GraphQL references (docs.weaviate.io). */
export function openWeaviateStandIn(): Promise<StandIn> {
  const classes = new Map<string, Map<string, KeptPoint>>();

  const put = (objects: { class: string; id: string; vector: number[]; properties: KeptPoint["properties"] }[]): Answered => {
    const answers = objects.map(({ class: name, id, vector, properties }) => {
      const points = classes.get(name) ?? new Map<string, KeptPoint>();
      const [first] = points.values();
      const isRight = first === undefined || first.vector.length === vector.length;
      if (isRight) points.set(id, { id, vector, properties });
      const errors = { error: [{ message: "new node has a vector with another length" }] };
      return { class: name, id, result: isRight ? { status: "SUCCESS" } : { status: "FAILED", errors } };
    });
    return { status: 200, body: answers };
  };
  const query = (text: string): Answered => {
    const [, name = "", given = ""] = QUERY.exec(text) ?? [];
    const refused = (message: string): Answered => ({ status: 200, body: { data: { Get: { [name]: null } }, errors: [{ message }] } });
    const points = classes.get(name);
    if (points === undefined) return refused(`Cannot query field "${name}" on type "GetObjectsObj".`);
    const vector: number[] = JSON.parse(/vector:\s*(\[[^\]]*\])/.exec(given)?.[1] ?? "[]");
    const [first] = points.values();
    if (first !== undefined && first.vector.length !== vector.length) return refused("vector lengths don't match");
    const limit = Number(/limit:\s*(\d+)/.exec(given)?.[1]);
    const found = nearestPoints(points.values(), vector, limit, textsOf(given));
    const rows = found.map(({ point, score }) => ({ record: point.properties.record, _additional: { distance: 1 - score } }));
    return { status: 200, body: { data: { Get: { [name]: rows } } } };
  };

  return openStandIn(
    ({ headers }) => headers.authorization?.replace(/^Bearer /, ""),
    ({ method, path, body }) => {
      const [, , room, name = ""] = path.split("/");
      switch (`${method} ${room}`) {
        case "GET meta":
          return { status: 200, body: { version: "1.33.0", hostname: "stand-in" } };
        case "GET schema":
          if (name === "") return { status: 200, body: { classes: [...classes.keys()].map((known) => ({ class: known })) } };
          return classes.has(name) ? { status: 200, body: { class: name } } : failed(404, "no such class");
        case "POST schema":
          classes.set(body.class, new Map());
          return { status: 200, body };
        case "DELETE schema":
          classes.delete(name);
          return { status: 200, body: {} };
        case "POST graphql":
          return query(body.query);
        case "POST batch":
          return put(body.objects);
        case "DELETE batch":
          for (const id of body.match.where.valueTextArray) classes.get(body.match.class)?.delete(id);
          return { status: 200, body: { results: { successful: 1 } } };
        default:
          return failed(404, `${method} ${path} is not known here`);
      }
    },
  );
}
