"use client";
import { useTheme } from "next-themes";
import { type ReactNode, Suspense, useState } from "react";
import { usePreference } from "../../preferences/usePreference.ts";
import { type Command, ShortcutSheet, useShortcuts } from "../../shortcuts/index.ts";
import { Palette } from "./Palette.tsx";
import { ScreenRail } from "./ScreenRail.tsx";
import { TopBar } from "./TopBar.tsx";

/** The frame of every screen: the top bar, the navigation, the palette and the sheet of shortcuts. */
export function Shell({ children }: { children: ReactNode }) {
  const { setTheme } = useTheme();
  const [, setClock] = usePreference("clock");
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);

  useShortcuts({
    palette: () => setPaletteOpen(true),
    help: () => setHelpOpen(true),
    copyLink: () => void navigator.clipboard.writeText(window.location.href),
  });

  const commands: Command[] = [
    { value: "Light theme", label: "Light theme", run: () => setTheme("light") },
    { value: "Dark theme", label: "Dark theme", run: () => setTheme("dark") },
    { value: "System theme", label: "System theme", run: () => setTheme("system") },
    { value: "Relative times", label: "Relative times", run: () => setClock("relative") },
    { value: "Local times", label: "Local times", run: () => setClock("local") },
    { value: "UTC times", label: "UTC times", run: () => setClock("utc") },
  ];
  return (
    <div className="flex h-dvh flex-col">
      <TopBar onPalette={() => setPaletteOpen(true)} onHelp={() => setHelpOpen(true)} />
      <div className="flex min-h-0 flex-1">
        <ScreenRail />
        <main className="flex min-w-0 flex-1 flex-col">{children}</main>
      </div>
      <Suspense>
        <Palette open={isPaletteOpen} onOpenChange={setPaletteOpen} commands={commands} />
      </Suspense>
      <ShortcutSheet open={isHelpOpen} onOpenChange={setHelpOpen} />
    </div>
  );
}
