/** Turns texts into vectors, which are comparable only with those of the embedder of the same name. */
export interface Embedder {
  readonly name: string;
  /** The vectors of texts to be searched. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  /** The vector of a query; `weightOf` gives the weight of a word (its idf among the searched texts). */
  embedQuery(text: string, weightOf: (word: string) => number): Promise<Float32Array>;
}
