import { classNames } from "../classNames.ts";
import { prettyJson } from "./JsonView.tsx";
import { wordDiff } from "./wordDiff.ts";

/** Whether a value is prose rather than JSON. */
const isProse = (value: unknown): boolean => value === null || value === undefined || !prettyJson(value).isJson;

/** The difference between two values: removed text is struck through, added text is underlined. */
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
