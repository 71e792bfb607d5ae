/** The value of a table's cell: a text that is a JSON object, list or string is parsed, since tables store JSON that way. */
export function cellValue(cell: unknown): unknown {
  if (typeof cell !== "string" || !/^[[{"]/.test(cell)) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}
