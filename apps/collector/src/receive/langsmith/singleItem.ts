/** What a request of its own can be: a run that begins, one that goes on (its id is in the path), or feedback. */
export type SingleItem = "post" | "patch" | "feedback";

/** The batch that says what a single item says. The item's bytes stay as they are; whether they are JSON is seen when the batch is read. */
export function batchOfOne(kind: SingleItem, item: Buffer, path: string): Buffer {
  const whole = kind === "patch" ? withId(item, path.slice(path.lastIndexOf("/") + 1)) : item;
  return Buffer.concat([Buffer.from(`{"${kind}":[`), whole, Buffer.from("]}")]);
}

/** A JSON object with the id of its path as its last member, which is the one that counts. */
function withId(item: Buffer, id: string): Buffer {
  const members = /^\s*\{(.*)\}\s*$/s.exec(item.toString("latin1"))?.[1]?.trim();
  if (members === undefined) return item;
  return Buffer.from(`{${members}${members === "" ? "" : ","}"id":"${id}"}`, "latin1");
}
