import { characterNgrams, wordNgrams, wordsOf } from "./ngrams.ts";
import { joinPieces, type SparseRow } from "./sparseRows.ts";
import { fitVocabulary, tfIdfVectoriser, type Vocabulary } from "./tfIdf.ts";

/** Chosen on validation rows; docs/adr/014-intents-by-a-linear-model.md has the figures. */
const WORDS_MAX = 2;
const CHARACTERS_MAX = 4;
const DOCUMENTS_MIN = 2;
const WORDS_LENGTH = 1;
const CHARACTERS_LENGTH = 1.4;

/** A constant feature of every text, so that a plane need not pass through the origin. */
const BIAS: SparseRow = { features: Int32Array.of(0), values: Float32Array.of(2) };

/** A model's features of a text: the n-grams of words and of characters that it learnt, and the bias, in this order. */
export interface FeatureSpace {
  words: Vocabulary;
  characters: Vocabulary;
}

/** The number of features. */
export function countFeatures({ words, characters }: { [Part in keyof FeatureSpace]: Pick<Vocabulary, "terms"> }): number {
  return words.terms.length + characters.terms.length + BIAS.features.length;
}

/** Learns the n-grams of these texts. */
export function fitFeatureSpace(texts: readonly string[]): FeatureSpace {
  const documents = texts.map(wordsOf);
  return {
    words: fitVocabulary(
      documents.map((words) => wordNgrams(words, WORDS_MAX)),
      DOCUMENTS_MIN,
    ),
    characters: fitVocabulary(
      documents.map((words) => characterNgrams(words, CHARACTERS_MAX)),
      DOCUMENTS_MIN,
    ),
  };
}

/** Opens a function that turns texts into rows of a feature space. Opening costs more than many texts: keep it. */
export function vectoriser({ words, characters }: FeatureSpace): (text: string) => SparseRow {
  const ofWords = tfIdfVectoriser(words, WORDS_LENGTH);
  const ofCharacters = tfIdfVectoriser(characters, CHARACTERS_LENGTH);
  const featureCounts = [words.terms.length, characters.terms.length];
  return (text) => {
    const found = wordsOf(text);
    const pieces = [ofWords(wordNgrams(found, WORDS_MAX)), ofCharacters(characterNgrams(found, CHARACTERS_MAX)), BIAS];
    return joinPieces(pieces, featureCounts);
  };
}
