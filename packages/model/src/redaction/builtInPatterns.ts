import { cardsIn } from "./cardsIn.ts";
import { emailsIn } from "./emailsIn.ts";
import { ibansIn } from "./ibansIn.ts";
import { matches, REPEAT_MAX } from "./longMatches.ts";
import type { FindPlaces } from "./place.ts";
import { jsonWebTokensIn, privateKeysIn } from "./tokensIn.ts";

// These patterns run on V8's engine, which backtracks. To keep the time linear in the text, every
// repeat below is bounded, or neither its predecessor nor its successor can match what it matches.

const INTERNATIONAL_PHONE = /(?<![\w+])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){7,14}(?![\w])/g;
const AMERICAN_PHONE = /(?<![\w.+-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-])/g;
const US_SSN = /(?<![\w-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])/g;
/** Plain words are not credentials: "Basic authentication". */
const HTTP_CREDENTIAL = new RegExp(
  `\\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ \\t]{1,4}(?=[\\w.~+/-]{0,${REPEAT_MAX}}(?:\\d|[a-z][A-Z]))[\\w.~+/-]{12,${REPEAT_MAX}}={0,2}`,
  "g",
);

/** Prefixes that vendors give their keys to make them recognisable. */
const API_KEY = new RegExp(
  `(?<![\\w-])(?:${[
    "sbx_[\\w-]{20,}", // Signalbox
    "sk-[\\w-]{16,}", // OpenAI, Anthropic, OpenRouter, Langfuse
    "[sr]k_(?:live|test)_\\w{16,}", // Stripe
    "gh[pousr]_\\w{30,}|github_pat_\\w{30,}", // GitHub
    "glpat-[\\w-]{20,}", // GitLab
    "xox[abeoprs]-[\\w-]{10,}", // Slack
    "A(?:KIA|SIA)[A-Z0-9]{16}", // Amazon
    "AIza[\\w-]{35}", // Google
    "lsv2_\\w{20,}", // LangSmith
    "hf_\\w{30,}", // Hugging Face
    "npm_\\w{36}", // npm
    "SG\\.[\\w-]{16,}\\.[\\w-]{16,}", // SendGrid
  ].join("|")})`.replaceAll(",}", `,${REPEAT_MAX}}`),
  "g",
);

const httpCredentialsIn = matches(HTTP_CREDENTIAL);

/** Patterns that nobody should have to write, by the name that replaces a match. */
export const BUILT_IN_PATTERNS = {
  email: { what: "e-mail addresses", find: emailsIn },
  phone: { what: "+ and a country code, or North American with separators", find: matches(INTERNATIONAL_PHONE, AMERICAN_PHONE) },
  "credit card": { what: "13 to 19 digits, in groups or not, whose check digit is right", find: cardsIn },
  iban: { what: "account numbers whose check digits are right", find: ibansIn },
  "us ssn": { what: "social security numbers written 123-45-6789", find: matches(US_SSN) },
  "api key": { what: "API keys that their maker's prefix gives away (OpenAI, Anthropic, AWS, GitHub, Stripe …)", find: matches(API_KEY) },
  "bearer token": {
    what: "what follows Bearer or Basic, and JSON Web Tokens",
    find: (text) => [...httpCredentialsIn(text), ...jsonWebTokensIn(text)],
  },
  "private key": { what: "a private key in PEM", find: privateKeysIn },
} as const satisfies Record<string, { what: string; find: FindPlaces }>;

/** The name of a built-in pattern, as rules refer to it. */
export type BuiltInPattern = keyof typeof BUILT_IN_PATTERNS;

export const BUILT_IN_NAMES = Object.keys(BUILT_IN_PATTERNS) as [BuiltInPattern, ...BuiltInPattern[]];
