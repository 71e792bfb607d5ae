import type { Random } from "@signalbox/model";
import { pick, seededRandom } from "./seededRandom.ts";

const SYLLABLES =
  "ba be bi bo bu ca ce ci co da de di do fa fe fi ga go ha he hi in is it la le li lo ma me mi mo na ne ni no on or pa pe po ra re ri ro sa se si so ta te ti to un ur va ve vi wa we wo ya ze";

const WORDS_COUNT = 6_000;

/** One word in twelve ends a sentence. */
const SENTENCE_END = 1 / 12;

const WORDS = makeWords();
const FREQUENCIES = zipfFrequencies(WORDS_COUNT);

function makeWords(): string[] {
  const random = seededRandom(42);
  const syllables = SYLLABLES.split(" ");
  return Array.from({ length: WORDS_COUNT }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(syllables, random)).join(""),
  );
}

/** The cumulative frequency of the first n words: the word of rank n occurs 1/n times as often as the first. */
function zipfFrequencies(count: number): Float64Array {
  const frequencies = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1);
    frequencies[rank] = sum;
  }
  return frequencies.map((upTo) => upTo / sum);
}

/** ASCII text of exactly `length` characters whose words have the uneven frequencies of a language: it compresses like one. */
export function zipfText(length: number, random: Random): string {
  let text = "";
  while (text.length < length) text += `${zipfWord(random())}${random() < SENTENCE_END ? ". " : " "}`;
  return text.slice(0, length);
}

function zipfWord(at: number): string {
  let low = 0;
  let high = WORDS_COUNT - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((FREQUENCIES[middle] ?? 1) < at) low = middle + 1;
    else high = middle;
  }
  return WORDS[low] ?? "";
}
