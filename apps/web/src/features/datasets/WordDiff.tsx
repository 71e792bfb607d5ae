import { wordDiff } from "./wordDiff.ts";

/** How a value became another one: what went is struck through, what came is underlined. */
export function WordDiff({ before, after }: { before: unknown; after: unknown }) {
  return (
    <pre className="whitespace-pre-wrap font-mono text-sm [overflow-wrap:anywhere]">
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
