import { classNames } from "./classNames.ts";

/** Keys as they are pressed: `G T` one after the other, `Mod+K` together. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={classNames("inline-flex items-center gap-0.5", className)}>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-current/30 px-1 font-sans text-xs leading-none opacity-85"
        >
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = { Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

function keyName(key: string): string {
  const modified = key.replace("Mod+", isApple ? "⌘" : "Ctrl ").replace("Shift+", "⇧");
  return NAMES[modified] ?? modified;
}
