/** The words of a text: runs of letters and digits, lower-case, an apostrophe inside a word being part of it ("haven't"). */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .replaceAll("’", "'")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*/gu) ?? []
  );
}

/** Runs of one to `lengthMax` neighbouring words. */
export function wordNgrams(words: readonly string[], lengthMax: number): string[] {
  const ngrams: string[] = [];
  for (let start = 0; start < words.length; start += 1) {
    let ngram = "";
    for (let end = start; end < Math.min(words.length, start + lengthMax); end += 1) {
      ngram += end === start ? words[end] : ` ${words[end]}`;
      ngrams.push(ngram);
    }
  }
  return ngrams;
}

/** Runs of one to `lengthMax` neighbouring UTF-16 units inside words, a blank marking where a word begins and ends. */
export function characterNgrams(words: readonly string[], lengthMax: number): string[] {
  const ngrams: string[] = [];
  for (const word of words) {
    const marked = ` ${word} `;
    for (let length = 1; length <= lengthMax; length += 1)
      for (let start = 0; start + length <= marked.length; start += 1) ngrams.push(marked.slice(start, start + length));
  }
  return ngrams;
}
