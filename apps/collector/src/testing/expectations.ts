import { readFileSync } from "node:fs";

const FIXTURES = new URL("../normalise/__fixtures__/", import.meta.url);

/** The expected view of a framework's spans, in the form of `traceSnapshot`; written by hand. */
export const expectedOf = (framework: string): string => readFileSync(new URL(`${framework}.txt`, FIXTURES), "utf8").trimEnd();

/** A recorded request of a framework, in OTLP's JSON mapping. */
export const recordedOf = (framework: string): Buffer => readFileSync(new URL(`${framework}.json`, FIXTURES));
