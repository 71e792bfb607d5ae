/**
 * A cell of a table as it is meant: a text that is an object, a list or a quoted text in JSON is read as that, since tables keep JSON so.
 */
export function cellValue(cell: unknown): unknown {
  if (typeof cell !== "string" || !/^[[{"]/.test(cell)) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}
