"use client";
import { PanelLeft } from "lucide-react";
import { Button } from "../../components/ui/form/Button.tsx";
import { usePreference } from "../../preferences/usePreference.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";

/** Hides or shows the navigation rail, where there is room for it. */
export function RailButton() {
  const [showsRail, setShowsRail] = usePreference("showsRail");
  const turn = (): void => setShowsRail(!showsRail);
  useShortcuts({ rail: turn });
  return (
    <Button
      tone="board"
      size="icon"
      aria-label={showsRail ? "Hide the screens" : "Show the screens"}
      aria-expanded={showsRail}
      aria-keyshortcuts={keysOf("rail")}
      title={`${showsRail ? "Hide" : "Show"} the screens (${keysOf("rail")})`}
      className="-mr-2 -ml-2 max-lg:hidden"
      onClick={turn}
    >
      <PanelLeft className="size-4" aria-hidden />
    </Button>
  );
}
