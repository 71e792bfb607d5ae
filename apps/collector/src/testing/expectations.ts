import { readFileSync } from "node:fs";

const FIXTURES = new URL("../normalise/__fixtures__/", import.meta.url);

/** What a person should see of what a framework sends, in the words of `traceSnapshot`; written by hand. */
export const expectedOf = (framework: string): string => readFileSync(new URL(`${framework}.txt`, FIXTURES), "utf8").trimEnd();

/** A request of a framework as it was recorded, in OTLP's JSON mapping. */
export const recordedOf = (framework: string): Buffer => readFileSync(new URL(`${framework}.json`, FIXTURES));
