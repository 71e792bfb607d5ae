/**
 * What a new line after the text before the caret begins with: the indentation of its line, and two more spaces where that opens a block.
 */
export function nextIndentation(before: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const [indentation = ""] = /^ */.exec(line) ?? [];
  return /:\s*$/.test(line) ? `${indentation}  ` : indentation;
}

/** Where a line (from 1) begins and ends in a text. */
export function lineRange(text: string, line: number): { start: number; end: number } {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) break;
    start = newline + 1;
  }
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end };
}
