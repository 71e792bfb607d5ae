import { add, divide, floorDivide, multiply, type PythonNumeric, power, subtract } from "./pythonArithmetic.ts";
import { PythonError } from "./pythonValue.ts";

/*
 * Arithmetic as Python's `eval` does it, for texts of digits, points, blanks, parentheses and arithmetic signs only. Errors are those of
 * CPython 3.11, as far as arithmetic can cause them; non-arithmetic texts of these characters (`...`, starred arguments, sums with an empty
 * tuple) are invalid syntax here.
 */

const TOKEN = /\d+\.?\d*|\.\d+|\*\*|\/\/|[-+*/().]/y;
const PARENTHESES_MAX = 200;
/** How deep signs and powers may nest in an expression. */
const DEPTH_MAX = 1_000;
const TOO_DEEP = "maximum recursion depth exceeded during compilation";

const SUMS: Readonly<Record<string, typeof add>> = { "+": add, "-": subtract };
const PRODUCTS: Readonly<Record<string, typeof add>> = { "*": multiply, "/": divide, "//": floorDivide };

function syntaxError(message: string, line = 1): PythonError {
  return new PythonError(`${message} (<string>, line ${line})`);
}

/**
 * The tokens of an expression, and the number of unclosed parentheses. Python finds malformed numbers and unmatched closing parentheses
 * before it looks at the grammar.
 */
function tokenize(expression: string): { tokens: string[]; open: number } {
  const tokens: string[] = [];
  let open = 0;
  for (let at = 0; at < expression.length; at += 1) {
    if (expression[at] === " ") continue;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(expression)?.[0];
    if (token === undefined) throw syntaxError("invalid syntax");
    if (/^0+[1-9]\d*$/.test(token))
      throw syntaxError("leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers");
    if (token === "(" && ++open > PARENTHESES_MAX) throw syntaxError("too many nested parentheses");
    if (token === ")" && --open < 0) throw syntaxError("unmatched ')'");
    tokens.push(token);
    at += token.length - 1;
  }
  if (tokens.length === 0) throw syntaxError("invalid syntax", 0);
  return { tokens, open };
}

/** A part of an expression; it is evaluated only once the whole text has been parsed. */
type Node = () => PythonNumeric;

const emptyTuple: Node = () => {
  throw new PythonError("float() argument must be a string or a real number, not 'tuple'");
};

class Parser {
  readonly #tokens: readonly string[];
  readonly #open: number;
  #at = 0;
  #depth = 0;

  constructor({ tokens, open }: { tokens: readonly string[]; open: number }) {
    this.#tokens = tokens;
    this.#open = open;
  }

  expression(): Node {
    const node = this.#sum();
    if (this.#at < this.#tokens.length) throw this.#unexpected("invalid syntax");
    return node;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #chain(operators: Readonly<Record<string, typeof add>>, operand: () => Node): Node {
    const first = operand();
    const rest: [operator: typeof add, right: Node][] = [];
    for (let operator = operators[this.#peek()]; operator !== undefined; operator = operators[this.#peek()]) {
      this.#at += 1;
      rest.push([operator, operand()]);
    }
    return () => rest.reduce((left, [operator, right]) => operator(left, right()), first());
  }

  #sum(): Node {
    return this.#chain(SUMS, () => this.#product());
  }

  #product(): Node {
    return this.#chain(PRODUCTS, () => this.#signed());
  }

  /** `-x ** y` is `-(x ** y)`, and a sign may follow `**`. */
  #signed(): Node {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new PythonError(TOO_DEEP);
    const node = this.#signedHere();
    this.#depth -= 1;
    return node;
  }

  #signedHere(): Node {
    if (this.#take("+")) return this.#signed();
    if (this.#take("-")) {
      const operand = this.#signed();
      return () => -operand();
    }
    const base = this.#called();
    if (!this.#take("**")) return base;
    const exponent = this.#signed();
    return () => power(base(), exponent());
  }

  /** `2 (3)` is a call in Python's grammar, of something that cannot be called. */
  #called(): Node {
    const value = this.#operand();
    if (!this.#take("(")) return value;
    const argument = this.#peek() === ")" ? undefined : this.#sum();
    this.#close();
    while (this.#take("(")) {
      if (this.#peek() !== ")") this.#sum();
      this.#close();
    }
    return () => {
      const called = value();
      argument?.();
      throw new PythonError(`'${typeof called === "bigint" ? "int" : "float"}' object is not callable`);
    };
  }

  #operand(): Node {
    if (this.#take("(")) {
      if (this.#take(")")) return emptyTuple;
      const inside = this.#sum();
      this.#close();
      return inside;
    }
    const token = this.#peek();
    if (!/\d/.test(token)) throw this.#unexpected("invalid syntax");
    this.#at += 1;
    const value = token.includes(".") ? Number(token) : BigInt(token);
    return () => value;
  }

  #close(): void {
    if (this.#take(")")) return;
    throw this.#unexpected(/\d/.test(this.#peek()) ? "invalid syntax. Perhaps you forgot a comma?" : "invalid syntax");
  }

  /** The syntax error at the next token: an unclosed parenthesis, if the text ends here or goes on with another number, else `message`. */
  #unexpected(message: string): PythonError {
    const token = this.#peek();
    return syntaxError(this.#open > 0 && (token === "" || /\d/.test(token)) ? "'(' was never closed" : message);
  }
}

/** The value of an arithmetic expression. Throws a `PythonError` with Python's message if it has none. */
export function evaluateExpression(expression: string): PythonNumeric {
  return new Parser(tokenize(expression)).expression()();
}
