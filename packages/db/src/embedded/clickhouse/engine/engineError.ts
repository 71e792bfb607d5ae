import { errorCode, errorMessage } from "@signalbox/model";

/** ClickHouse's error codes that this process raises itself, by ClickHouse's names. */
const OWN_CODES = {
  BAD_ARGUMENTS: 36,
  NOT_IMPLEMENTED: 48,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_SETTING: 115,
  CANNOT_DECOMPRESS: 271,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  NOT_ENOUGH_SPACE: 243,
  QUERY_WAS_CANCELLED: 394,
  SESSION_NOT_FOUND: 372,
  INVALID_SESSION_TIMEOUT: 374,
  SESSION_IS_LOCKED: 373,
  REQUIRED_PASSWORD: 194,
  QUERY_IS_TOO_LARGE: 229,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
} as const;

/** The name of an error that this process raises. */
export type OwnErrorName = keyof typeof OWN_CODES;

/** The code of a statement that cannot be parsed; nothing has run then. */
export const SYNTAX_ERROR = OWN_CODES.SYNTAX_ERROR;

/** The code of a statement that was cancelled because nobody waits for it. */
export const QUERY_WAS_CANCELLED = OWN_CODES.QUERY_WAS_CANCELLED;

const UNKNOWN_EXCEPTION = 1002;

/** An error as a ClickHouse server words it: `Code: N. DB::Exception: … (NAME)`. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** An error that this process raises before or around the engine. */
  static own(name: OwnErrorName, text: string, options?: ErrorOptions): EngineError {
    const code = OWN_CODES[name];
    return new EngineError(code, `Code: ${code}. DB::Exception: ${text} (${name})`, options);
  }

  /** Any error thrown around the engine, as an error with a code. */
  static from(cause: unknown): EngineError {
    if (cause instanceof EngineError) return cause;
    if (isCorrupt(cause)) return EngineError.own("CANNOT_DECOMPRESS", "The body is not what its Content-Encoding says", { cause });
    if (isDiskFull(cause))
      return EngineError.own("NOT_ENOUGH_SPACE", "The disk of the data folder is full; nothing of this was stored", { cause });
    const text = errorMessage(cause);
    const start = text.search(/Code: \d+\. /);
    if (start === -1)
      return new EngineError(UNKNOWN_EXCEPTION, `Code: ${UNKNOWN_EXCEPTION}. DB::Exception: ${text} (UNKNOWN_EXCEPTION)`, { cause });
    const message = text.slice(start).trim();
    return new EngineError(Number.parseInt(message.slice("Code: ".length), 10), message, { cause });
  }
}

function isDiskFull(cause: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(errorCode(cause));
}

function isCorrupt(cause: unknown): boolean {
  return /^(Z_|ZSTD_|ERR_.*BROTLI|ERR__ERROR_)/.test(errorCode(cause));
}

/** The HTTP statuses of ClickHouse's error codes, as its HTTP interface chooses them; every other code is a 500. */
const STATUSES: readonly { status: number; codes: readonly number[] }[] = [
  {
    status: 400,
    codes: [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676],
  },
  { status: 401, codes: [194] },
  { status: 403, codes: [192, 193, 497, 512, 516] },
  { status: 404, codes: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511] },
  { status: 408, codes: [159] },
  { status: 411, codes: [381] },
  { status: 413, codes: [229] },
  { status: 415, codes: [779] },
  { status: 501, codes: [48] },
  { status: 503, codes: [76, 209, 439] },
];

/** The HTTP status of an error code. */
export function httpStatusOf(code: number): number {
  return STATUSES.find(({ codes }) => codes.includes(code))?.status ?? 500;
}
