/** The words of a text: runs of lower-case letters and digits; an apostrophe inside a word is part of it ("haven't"). */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .replaceAll("’", "'")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*/gu) ?? []
  );
}

/** Runs of one to `lengthMax` adjacent words. */
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

/** Runs of one to `lengthMax` adjacent UTF-16 units inside words, with a blank at the beginning and the end of a word. */
export function characterNgrams(words: readonly string[], lengthMax: number): string[] {
  const ngrams: string[] = [];
  for (const word of words) {
    const marked = ` ${word} `;
    for (let length = 1; length <= lengthMax; length += 1)
      for (let start = 0; start + length <= marked.length; start += 1) ngrams.push(marked.slice(start, start + length));
  }
  return ngrams;
}
