/** What a browser takes for a folder's own name or its parent's, also when it is percent-encoded. */
const DOTS = new Set([".", ".."]);
const MARK = "~";

/** An id of any characters as one segment of a path. What a browser would resolve, and what begins like the mark itself, is marked. */
export function segmentOf(id: string): string {
  return encodeURIComponent(DOTS.has(id) || id.startsWith(MARK) ? `${MARK}${id}` : id);
}

/** The id that a segment of a path, as the browser or the server hands it over, stands for. */
export function idOfSegment(segment: string): string {
  const id = decodeURIComponent(segment);
  return id.startsWith(MARK) ? id.slice(MARK.length) : id;
}
