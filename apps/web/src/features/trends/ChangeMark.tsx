import { ArrowDown, ArrowUp } from "lucide-react";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import type { Change } from "./change.ts";

/** The change of a number against the previous period; red and green only if more is worse. `than` names the comparison. */
export function ChangeMark({ change, isBad, than }: { change: Change; isBad: boolean; than: string }) {
  switch (change.kind) {
    case "unknown":
      return null;
    case "same":
      return <Badge title={`As ${than}`}>no change</Badge>;
    case "new":
      return <Badge title={`There was none ${than}`}>new</Badge>;
    case "up":
    case "down": {
      const isUp = change.kind === "up";
      const Arrow = isUp ? ArrowUp : ArrowDown;
      return (
        <Badge tone={isBad ? (isUp ? "danger" : "clear") : "plain"} title={`${change.text} ${isUp ? "more" : "less"} than ${than}`}>
          <Arrow className="size-3" aria-hidden />
          {change.text}
          <span className="sr-only">
            {isUp ? " more" : " less"} than {than}
          </span>
        </Badge>
      );
    }
  }
}
