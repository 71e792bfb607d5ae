/** The indentation of a new line after the text before the caret: that of its line, and two more spaces if that line opens a block. */
export function nextIndentation(before: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const [indentation = ""] = /^ */.exec(line) ?? [];
  return /:\s*$/.test(line) ? `${indentation}  ` : indentation;
}

/** The start and end of a line (counted from 1) in a text. */
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
