import { classNames } from "./classNames.ts";
import { prettyJson } from "./JsonView.tsx";
import { wordDiff } from "./wordDiff.ts";

/** Whether a value is read as words, not as JSON. */
const isProse = (value: unknown): boolean => value === null || value === undefined || !prettyJson(value).isJson;

/** How a value became another one: what went is struck through, what came is underlined. */
export function WordDiff({ before, after }: { before: unknown; after: unknown }) {
  const font = isProse(before) && isProse(after) ? "font-sans" : "font-mono";
  return (
    <pre className={classNames("whitespace-pre-wrap text-sm [overflow-wrap:anywhere]", font)}>
      {wordDiff(before, after).map(({ at, kind, text }) => {
        if (kind === "same") return text;
        const Piece = kind === "removed" ? "del" : "ins";
        return (
          <Piece key={at} className={kind === "removed" ? "rounded-xs bg-danger-soft text-danger" : "rounded-xs bg-clear-soft text-clear"}>
            {text}
          </Piece>
        );
      })}
    </pre>
  );
}
