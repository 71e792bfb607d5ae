/** The kinds of request for a single item: a new run, an update of one (its id is in the path), or feedback. */
export type SingleItem = "post" | "patch" | "feedback";

/** Wraps a single item in a batch. Its bytes stay unchanged; whether they are JSON is checked when the batch is read. */
export function batchOfOne(kind: SingleItem, item: Buffer, path: string): Buffer {
  const whole = kind === "patch" ? withId(item, path.slice(path.lastIndexOf("/") + 1)) : item;
  return Buffer.concat([Buffer.from(`{"${kind}":[`), whole, Buffer.from("]}")]);
}

/** Appends the id from the path to a JSON object as its last member, which takes precedence. */
function withId(item: Buffer, id: string): Buffer {
  const members = /^\s*\{(.*)\}\s*$/s.exec(item.toString("latin1"))?.[1]?.trim();
  if (members === undefined) return item;
  return Buffer.from(`{${members}${members === "" ? "" : ","}"id":"${id}"}`, "latin1");
}
