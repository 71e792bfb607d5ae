import { readFileSync } from "node:fs";
import type { Part } from "../parts/part.ts";

/**
 * Variables of the machine that any process may need: paths of programs and temporary
 * files, language and time zone, proxies and certificates, options of Node.
 */
const OF_THE_MACHINE =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|LANG|LANGUAGE|LC_.*|TMPDIR|TMP|TEMP|CI|NO_COLOR|FORCE_COLOR|NODE_(?!AUTH_TOKEN$).*|NEXT_.*|UV_.*|LD_.*|DYLD_.*|MALLOC_.*|SSL_CERT_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy)$/;

/** Our own settings, and those of the stores' clients. */
const OURS = /^(SIGNALBOX_.*|DATABASE_URL|PG[A-Z]+|CLICKHOUSE_.*|REDIS_URL)$/;

/** The settings that the embedded stores' processes get. */
const OF_A_STORE = /^SIGNALBOX_(DATA_DIR|PORT_OFFSET|LOG_LEVEL)$/;
const STORES = ["clickhouse", "postgres"];

/**
 * Settings that only some parts get: they hold secrets, or are meaningless without
 * one. Every part but the stores may read settings that are not listed here.
 */
const RESERVED: readonly (readonly [variables: RegExp, parts: readonly string[]])[] = [
  [/^SIGNALBOX_(LLM_.*|CLASSIFIER|UNCLEAR)$/, ["worker", "language", "planning"]],
  [/^SIGNALBOX_(EMBEDDINGS|VECTOR_STORE)(_.*)?$/, ["worker", "memory"]],
  [/^SIGNALBOX_TOOLS_FILE$/, ["worker", "tools"]],
  [/^SIGNALBOX_OTLP_KEY$/, ["worker"]],
  [/^SIGNALBOX_GATEWAY_KEY$/, ["gateway"]],
  [/^SIGNALBOX_CHECKPOINT_/, ["controller"]],
  [/^SIGNALBOX_(GITHUB|GATES)_/, ["controller"]],
  [/^REDIS_URL$/, ["worker", "gateway", "memory"]],
  [/^CLICKHOUSE_/, ["collector", "controller", "console"]],
  [/^SIGNALBOX_TLS_/, ["collector"]],
  [/^SIGNALBOX_GATEWAY_TLS_/, ["gateway"]],
];

/** Whether a part may read one of our settings. */
function mayRead(part: string, variable: string): boolean {
  if (STORES.includes(part)) return OF_A_STORE.test(variable);
  return RESERVED.every(([variables, parts]) => !variables.test(variable) || parts.includes(part));
}

/**
 * The variables that the file of tools' settings refers to (`${NAME}`). None for an unreadable file: the part itself reports the problem.
 */
function namedInTools(path: string | undefined): string[] {
  try {
    return path === undefined || path === ""
      ? []
      : [...readFileSync(path, "utf8").matchAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g)].flatMap(([, name]) => name ?? []);
  } catch {
    return [];
  }
}

/** The environment of a process that needs only its machine's variables, and none of our settings. */
export function machineEnvironment(surrounding: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(surrounding).filter(([variable]) => OF_THE_MACHINE.test(variable)));
}

/**
 * The environment of a part: the variables of `surrounding`, the supervisor's own, that it may read, overridden by the
 * supervisor's for it. A key that a part does not need is not in it, so that nothing it runs or logs can reveal it.
 */
export function partEnvironment(
  { name, copyOf = name, env }: Pick<Part, "name" | "copyOf" | "env">,
  surrounding: NodeJS.ProcessEnv,
): Record<string, string> {
  const isForTools = mayRead(copyOf, "SIGNALBOX_TOOLS_FILE") && !STORES.includes(copyOf);
  const named = isForTools ? namedInTools(surrounding.SIGNALBOX_TOOLS_FILE) : [];
  const isNeeded = (variable: string): boolean => {
    if (OF_THE_MACHINE.test(variable) || named.includes(variable)) return true;
    return OURS.test(variable) && mayRead(copyOf, variable);
  };
  const found = Object.entries(surrounding).filter((entry): entry is [string, string] => entry[1] !== undefined && isNeeded(entry[0]));
  const told = Object.entries(env).filter(([variable]) => !OURS.test(variable) || mayRead(copyOf, variable));
  return Object.fromEntries([...found, ...told]);
}
