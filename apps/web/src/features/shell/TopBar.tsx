"use client";
import { Keyboard, Search, SunMoon } from "lucide-react";
import { useTheme } from "next-themes";
import { Suspense } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Menu, MenuChoice } from "../../components/ui/overlay/Menu.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import type { Clock } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { keysOf } from "../../shortcuts/index.ts";
import { Brand } from "./Brand.tsx";
import { HomeLink } from "./HomeLink.tsx";
import { ProjectSwitcher } from "./ProjectSwitcher.tsx";
import { RailButton } from "./RailButton.tsx";
import { ScreenMenu } from "./ScreenMenu.tsx";
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

/** The bar above every screen, in enamel. */
export function TopBar({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const [clock, setClock] = usePreference("clock");
  const { theme = "system", setTheme } = useTheme();
  return (
    <header className="on-board flex h-11 shrink-0 items-center gap-4 bg-board px-4 text-board-ink">
      <ScreenMenu />
      <RailButton />
      <Suspense fallback={<Brand />}>
        <HomeLink />
      </Suspense>
      <Suspense>
        <ProjectSwitcher />
      </Suspense>
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <SystemLamp />
        <button
          type="button"
          onClick={onPalette}
          className="mr-1 flex h-7 items-center gap-2 rounded-md bg-board-raised px-2.5 text-sm text-board-muted hover:text-board-ink"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="whitespace-nowrap max-md:sr-only">Search commands</span>
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
