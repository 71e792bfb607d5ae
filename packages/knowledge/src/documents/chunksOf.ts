/** The longest chunk, in characters: short enough to read at once, and for a model's context to hold several. */
const CHUNK_CHARACTERS_MAX = 1_200;

/** Splits a text after each match of `boundary`; nothing is lost. */
function cutAfter(text: string, boundary: RegExp): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(boundary)) {
    const until = match.index + match[0].length;
    pieces.push(text.slice(from, until));
    from = until;
  }
  return [...pieces, text.slice(from)].filter((piece) => piece !== "");
}

/** Boundaries at which a text may be split, the best first: paragraphs, lines, sentences, words. */
const BOUNDARIES = [/\n\s*\n/g, /\n/g, /[.!?]\s+/g, /\s+/g] as const;

/**
 * Splits a text into short enough pieces, at the best boundaries that achieve it;
 * a word that is too long is split anywhere (but never inside a surrogate pair).
 */
function piecesOf(text: string, boundaries: readonly RegExp[] = BOUNDARIES): string[] {
  if (text.length <= CHUNK_CHARACTERS_MAX) return [text];
  const [boundary, ...worse] = boundaries;
  if (boundary === undefined) return text.match(new RegExp(`.{1,${CHUNK_CHARACTERS_MAX / 2}}`, "gsu")) ?? [];
  return cutAfter(text, boundary).flatMap((piece) => piecesOf(piece, worse));
}

/** A text in chunks of up to 1,200 characters, split between paragraphs where possible. Adjacent pieces are joined while they fit. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  for (const piece of piecesOf(text)) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length + piece.length <= CHUNK_CHARACTERS_MAX) chunks[chunks.length - 1] = last + piece;
    else chunks.push(piece);
  }
  return chunks.map((chunk) => chunk.trim()).filter((chunk) => chunk !== "");
}
