/** Path segments that a browser resolves, even percent-encoded. */
const DOTS = new Set([".", ".."]);
const MARK = "~";

/**
 * An id of any characters as one path segment. A segment that a browser would resolve, or that begins with the mark itself, gets the mark.
 */
export function segmentOf(id: string): string {
  return encodeURIComponent(DOTS.has(id) || id.startsWith(MARK) ? `${MARK}${id}` : id);
}

/** The id in a path segment, as the browser or the server passes it. */
export function idOfSegment(segment: string): string {
  const id = decodeURIComponent(segment);
  return id.startsWith(MARK) ? id.slice(MARK.length) : id;
}
