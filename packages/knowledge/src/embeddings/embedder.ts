/** Makes vectors of texts. Vectors can be compared with those of the embedder of the same name alone. */
export interface Embedder {
  readonly name: string;
  /** The vectors of texts that are to be found. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  /** The vector of a question; `weightOf` tells how telling a word is among the texts that are sought. */
  embedQuery(text: string, weightOf: (word: string) => number): Promise<Float32Array>;
}
