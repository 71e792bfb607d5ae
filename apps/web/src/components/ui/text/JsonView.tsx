import { ClampedText } from "./ClampedText.tsx";

const COLOURED_MAX_CHARS = 100_000;

/** A JSON token: a string (with its colon if it is a key), a word or a number. */
const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value, or a text that is JSON, pretty-printed; any other text unchanged. */
export function prettyJson(value: unknown): { text: string; isJson: boolean } {
  if (typeof value !== "string") return { text: JSON.stringify(value, null, 2) ?? "", isJson: true };
  try {
    const parsed: unknown = JSON.parse(value);
    if (parsed !== null && typeof parsed === "object") return { text: JSON.stringify(parsed, null, 2), isJson: true };
  } catch {
    // A text that is not JSON is shown unchanged.
  }
  return { text: value, isJson: false };
}

/** A readable view of a value, or of a text that may be JSON. */
export function JsonView({ value, linesMax = 24 }: { value: unknown; linesMax?: number }) {
  const { text, isJson } = prettyJson(value);
  if (text === "") return <span className="text-faint">empty</span>;
  return (
    <ClampedText text={text} linesMax={linesMax}>
      {(shown) => (
        <pre className="whitespace-pre-wrap break-words font-mono text-sm [overflow-wrap:anywhere]">
          {isJson && shown.length <= COLOURED_MAX_CHARS ? coloured(shown) : shown}
        </pre>
      )}
    </ClampedText>
  );
}

function coloured(json: string) {
  const parts = [];
  let last = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon] = match;
    parts.push(json.slice(last, match.index));
    const tone = text === undefined ? "text-json-number" : colon === undefined ? "text-json-text" : "text-json-key";
    parts.push(
      <span key={match.index} className={tone}>
        {text ?? whole}
      </span>,
      colon ?? "",
    );
    last = match.index + whole.length;
  }
  return [...parts, json.slice(last)];
}
