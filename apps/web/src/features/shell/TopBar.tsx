"use client";
import { Keyboard, Search, SunMoon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTheme } from "next-themes";
import { Button } from "../../components/ui/Button.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { Kbd } from "../../components/ui/Kbd.tsx";
import { Menu, MenuChoice } from "../../components/ui/Menu.tsx";
import { Tooltip } from "../../components/ui/Tooltip.tsx";
import type { Clock } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { keysOf } from "../../shortcuts/index.ts";
import { Brand } from "./Brand.tsx";
import { SCREENS } from "./navigation.ts";
import { SystemLamp } from "./SystemLamp.tsx";

const CLOCKS = [
  { value: "relative", label: "Relative" },
  { value: "local", label: "Local time" },
  { value: "utc", label: "UTC" },
] as const satisfies readonly { value: Clock; label: string }[];

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** The enamel board above every screen. */
export function TopBar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const pathname = usePathname();
  const [clock, setClock] = usePreference("clock");
  const { theme = "system", setTheme } = useTheme();
  return (
    <header className="on-board flex h-11 shrink-0 items-center gap-4 bg-board px-4 text-board-ink">
      <Link href="/traces" aria-label="Signalbox, traces" className="rounded-sm">
        <Brand />
      </Link>
      <nav aria-label="Screens" className="flex h-full min-w-0 items-stretch gap-1 overflow-x-auto">
        {SCREENS.map((screen) => {
          const isHere = pathname.startsWith(screen.href);
          return (
            <Tooltip key={screen.href} side="bottom" content={<Kbd keys={keysOf(screen.shortcut)} />}>
              <Link
                href={screen.href}
                aria-current={isHere ? "page" : undefined}
                className={classNames(
                  "flex items-center border-b-2 border-transparent px-2 pt-0.5 text-sm font-medium text-board-muted hover:text-board-ink",
                  isHere && "border-[oklch(0.7_0.17_30)] text-board-ink",
                )}
              >
                {screen.label}
              </Link>
            </Tooltip>
          );
        })}
      </nav>
      <div className="ml-auto flex items-center gap-1">
        <SystemLamp />
        <button
          type="button"
          onClick={onPalette}
          className="mr-1 flex h-7 items-center gap-2 rounded-md bg-board-raised px-2.5 text-sm text-board-muted hover:text-board-ink"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="max-md:sr-only">Search commands</span>
          <Kbd keys={keysOf("palette")} className="max-md:hidden" />
        </button>
        <Menu
          trigger={
            <Button tone="board" size="icon" aria-label="Theme and time">
              <SunMoon className="size-4" aria-hidden />
            </Button>
          }
        >
          <MenuChoice label="Theme" value={theme} options={THEMES} onChange={setTheme} />
          <MenuChoice label="Times" value={clock} options={CLOCKS} onChange={setClock} />
        </Menu>
        <Button tone="board" size="icon" aria-label="Keyboard shortcuts" onClick={onHelp}>
          <Keyboard className="size-4" aria-hidden />
        </Button>
      </div>
    </header>
  );
}
