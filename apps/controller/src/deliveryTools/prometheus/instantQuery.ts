import { AppError } from "@signalbox/model";

/** A condition on a label; a label that a series lacks counts as empty. */
export type Matcher = { label: string; matches: (value: string) => boolean };

/** The supported subset of PromQL: a number, `vector(number)`, and an instant selector. */
export type InstantQuery =
  | { kind: "scalar"; value: number }
  | { kind: "vector"; value: number }
  | { kind: "selector"; matchers: Matcher[] };

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const VECTOR = /^vector\s*\(\s*([^()\s]+)\s*\)$/;
const SUM = /^(\d+)\s*\+\s*(\d+)$/;
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
/** A label, its operator, and its value in any of the three kinds of quotes. */
const MATCHER = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)\s*/;

/**
 * The supported regular expressions: literals, `.`, `.*` and `.+`, joined by `|`. A single wildcard of any length costs little whatever it
 * is matched against; each further one would multiply the cost.
 */
const PATTERN = /^([a-zA-Z0-9_:|-]|\\[.\-|]|\.[*+]?)*$/;
const WILDCARDS_MAX = 2;

/**
 * Parses a query. Throws `invalid_input` for anything beyond an instant selector: a real Prometheus can do that, by scraping `/metrics`.
 */
export function readInstantQuery(text: string): InstantQuery {
  const query = text.trim();
  if (NUMBER.test(query)) return { kind: "scalar", value: Number(query) };
  // Grafana's test whether a Prometheus is there.
  const sum = SUM.exec(query);
  if (sum !== null) return { kind: "scalar", value: Number(sum[1]) + Number(sum[2]) };
  const vector = VECTOR.exec(query)?.[1];
  if (vector !== undefined && NUMBER.test(vector)) return { kind: "vector", value: Number(vector) };
  return { kind: "selector", matchers: readSelector(query) };
}

/** Parses `name{label="value", …}`, or either part alone. */
function readSelector(query: string): Matcher[] {
  const name = NAME.exec(query)?.[0];
  const rest = query.slice(name?.length ?? 0).trim();
  const named = name === undefined ? [] : [{ label: "__name__", matches: (value: string) => value === name }];
  const matchers = rest === "" ? named : [...named, ...readMatchers(rest)];
  if (matchers.length === 0 || matchers.every(({ matches }) => matches(""))) throw refused(query);
  return matchers;
}

function readMatchers(braces: string): Matcher[] {
  if (!braces.startsWith("{") || !braces.endsWith("}")) throw refused(braces);
  const matchers: Matcher[] = [];
  let rest = braces.slice(1, -1).trim();
  while (rest !== "") {
    const [whole, label, operator, quoted] = MATCHER.exec(rest) ?? [];
    if (whole === undefined || label === undefined || operator === undefined || quoted === undefined) throw refused(rest);
    matchers.push({ label, matches: conditionOf(operator, unquoted(quoted)) });
    rest = rest.slice(whole.length);
    if (rest === "") break;
    if (!rest.startsWith(",")) throw refused(rest);
    rest = rest.slice(1).trim();
  }
  return matchers;
}

function conditionOf(operator: string, wanted: string): Matcher["matches"] {
  if (operator === "=") return (value) => value === wanted;
  if (operator === "!=") return (value) => value !== wanted;
  if (!PATTERN.test(wanted) || (wanted.match(/\.[*+]/g) ?? []).length > WILDCARDS_MAX)
    throw new AppError("invalid_input", `The pattern ${wanted} is more than is understood here: words, dots, .* and .+, joined by |.`);
  const pattern = new RegExp(`^(?:${wanted})$`, "s");
  return operator === "=~" ? (value) => pattern.test(value) : (value) => !pattern.test(value);
}

/** The text between quotes, with the escapes that a label's value may need. */
function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("`")) return inner;
  return inner.replaceAll(/\\(.)/g, (_whole, escaped: string) => {
    if (escaped === "n") return "\n";
    if (escaped === "t") return "\t";
    if (`"'\\`.includes(escaped)) return escaped;
    throw new AppError("invalid_input", `There is no escape \\${escaped} here.`);
  });
}

function refused(text: string): AppError {
  return new AppError("invalid_input", `parse error: ${text} is no instant selector`, {
    hint: 'Ask as agent_gate_decision{gate="support-agent"}; for more, let a Prometheus scrape /metrics.',
  });
}
