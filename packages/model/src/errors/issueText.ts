import type { z } from "zod";

/** The most issues that are listed at once; the rest show up once these are mended. */
const ISSUES_MAX = 5;

/** How zod's default messages begin. Any other message was written for people in the schema, and is kept as it is. */
const BY_ZOD = /^(Invalid|Too small|Too big|Unrecognized)/;

/** Readable descriptions of string formats, by zod's name of the format. */
const FORMATS: Readonly<Record<string, string>> = {
  ...{ uuid: "an id (a UUID)", guid: "an id (a UUID)", url: "a URL", email: "an e-mail address", base64: "base64" },
  ...{ datetime: "a time like 2026-01-31T12:00:00Z", date: "a date like 2026-01-31", time: "a time of day like 12:00:00" },
  ...{ ipv4: "an IPv4 address", ipv6: "an IPv6 address", json_string: "JSON" },
};

const NOUNS: Readonly<Record<string, string>> = {
  ...{ string: "a text", number: "a number", int: "a whole number", bigint: "a whole number", boolean: "true or false" },
  ...{ array: "a list", object: "an object", record: "an object", null: "null", date: "a time", undefined: "left out" },
};

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  ...{ string: ["character", "characters"], array: ["item", "items"], set: ["item", "items"] },
};

const noun = (type: string): string => NOUNS[type] ?? type;

/** A list of choices in words: `"a", "b" or "c"`. */
function choices(values: readonly unknown[]): string {
  const shown = values.map((value) => JSON.stringify(value) ?? String(value));
  return shown.length < 2 ? (shown[0] ?? "nothing") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

function bound(side: "least" | "most", limit: number | bigint, origin: string): string {
  const units = UNITS[origin];
  return `it has to ${units === undefined ? "be" : "have"} at ${side} ${limit}${units === undefined ? "" : ` ${units[Number(limit) === 1 ? 0 : 1]}`}`;
}

/** An issue in plain words: `it is missing`, `it has to be a whole number`. Its location is the issue's path. */
export function issueText(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (!BY_ZOD.test(message)) return message;
  switch (issue.code) {
    case "invalid_type":
      return message.endsWith("received undefined") ? "it is missing" : `it has to be ${noun(issue.expected)}`;
    case "invalid_format":
      return formatText(issue);
    case "invalid_value":
      return `it has to be ${choices(issue.values)}`;
    case "unrecognized_keys":
      return `there is no ${choices(issue.keys)} here`;
    case "too_small":
      return issue.inclusive === false ? `it has to be more than ${issue.minimum}` : bound("least", issue.minimum, issue.origin);
    case "too_big":
      return issue.inclusive === false ? `it has to be less than ${issue.maximum}` : bound("most", issue.maximum, issue.origin);
    case "not_multiple_of":
      return `it has to be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return unionText(issue);
    case "invalid_key":
      return `its name cannot be that: ${issue.issues.map(issueText).join(", ")}`;
    default:
      return "it cannot be that";
  }
}

function formatText({ format, pattern, ...issue }: z.core.$ZodIssueInvalidStringFormat): string {
  if ("prefix" in issue) return `it has to begin with ${JSON.stringify(issue.prefix)}`;
  if (format === "regex") return `it has to be written like ${pattern}`;
  return `it has to be ${FORMATS[format] ?? `of the form ${format}`}`;
}

/** The options of a union, or else the first issue of each of its members. */
function unionText(issue: z.core.$ZodIssueInvalidUnion): string {
  if ("options" in issue && Array.isArray(issue.options)) return `it has to be ${choices(issue.options)}`;
  const words = issue.errors.flatMap(([first]) => (first === undefined ? [] : [placedWords(first)]));
  return [...new Set(words)].join(", or ") || "it cannot be that";
}

const placedWords = (issue: z.core.$ZodIssue): string =>
  issue.path.length === 0 ? issueText(issue) : `${issue.path.join(".")}: ${issueText(issue)}`;

/** All issues with their paths: `metrics.0.name: it is missing; at: it has to be a number`. */
export function issuesText({ issues }: { issues: readonly z.core.$ZodIssue[] }): string {
  const more = issues.length - ISSUES_MAX;
  return `${issues.slice(0, ISSUES_MAX).map(placedWords).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
