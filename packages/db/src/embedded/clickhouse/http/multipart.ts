/** The text fields of a `multipart/form-data` body, by name. Files and malformed parts are left out. */
export function readMultipart(body: Buffer, boundary: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const headEnd = part.indexOf("\r\n\r\n");
    const name = /\bname="([^"]*)"/i.exec(part.slice(0, headEnd))?.[1];
    if (headEnd === -1 || name === undefined) continue;
    const value = part.slice(headEnd + "\r\n\r\n".length).replace(/\r\n$/, "");
    fields.set(name, Buffer.from(value, "latin1").toString());
  }
  return fields;
}
