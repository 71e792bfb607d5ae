"use client";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { classNames } from "../../components/ui/classNames.ts";
import { nextIndentation } from "./indentation.ts";

const LINE_PX = 20;
const PADDING_PX = 8;

/** A line with a finding. */
export type LineMark = { line: number; tone: "danger" | "caution" };

const TONES = {
  danger: { number: "font-semibold text-danger", dot: "bg-danger", strip: "bg-danger-soft" },
  caution: { number: "font-semibold text-caution", dot: "bg-caution", strip: "bg-caution-soft" },
};

/** A text with line numbers; lines with findings are marked. `describedBy` is the id of the element that describes them. */
export function PolicyEditor({
  text,
  onText,
  marks,
  isWrong,
  describedBy,
  areaRef,
}: {
  text: string;
  onText: (text: string) => void;
  marks: readonly LineMark[];
  isWrong: boolean;
  describedBy: string;
  areaRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const [scrollTop, setScrollTop] = useState(0);
  const lines = text.split("\n").length;
  const toneOf = new Map(marks.map(({ line, tone }) => [line, tone]));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.currentTarget.blur();
    }
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    const area = event.currentTarget;
    const indentation = nextIndentation(area.value.slice(0, area.selectionStart));
    if (indentation === "") return;
    event.preventDefault();
    // The only way to insert text that keeps the browser's undo working.
    document.execCommand("insertText", false, `\n${indentation}`);
  };
  return (
    <div
      className="flex min-h-72 flex-1 overflow-hidden font-mono text-sm [font-variant-ligatures:none]"
      style={{ lineHeight: `${LINE_PX}px` }}
    >
      <div
        aria-hidden
        className="w-12 shrink-0 overflow-hidden border-r border-line bg-canvas pr-2 text-right text-faint tabular-nums select-none"
      >
        <div style={{ transform: `translateY(${PADDING_PX - scrollTop}px)` }}>
          {Array.from({ length: lines }, (_, index) => {
            const tone = toneOf.get(index + 1);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line's number is its name
              <div key={index} className={tone === undefined ? "" : TONES[tone].number}>
                {tone !== undefined && (
                  <span className={classNames("mr-1 inline-block size-1.5 rounded-full align-middle", TONES[tone].dot)} />
                )}
                {index + 1}
              </div>
            );
          })}
        </div>
      </div>
      <div className="relative min-w-0 flex-1">
        <div aria-hidden className="absolute inset-0 overflow-hidden">
          {marks.map(({ line, tone }) => (
            <div
              key={`${line} ${tone}`}
              className={classNames("absolute inset-x-0", TONES[tone].strip)}
              style={{ top: (line - 1) * LINE_PX + PADDING_PX - scrollTop, height: LINE_PX }}
            />
          ))}
        </div>
        <textarea
          ref={areaRef}
          aria-label="Policy in YAML"
          aria-invalid={isWrong}
          aria-describedby={describedBy}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
          className="absolute inset-0 size-full resize-none overflow-auto bg-transparent px-3 whitespace-pre text-ink outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent"
          style={{ paddingBlock: PADDING_PX }}
        />
      </div>
    </div>
  );
}
