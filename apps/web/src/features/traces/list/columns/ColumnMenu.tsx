import { Columns3 } from "lucide-react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { Menu, MenuAction, MenuCheck, MenuLine } from "../../../../components/ui/overlay/Menu.tsx";
import type { ListUpdate } from "../listParams.ts";
import { COLUMN_LABELS, type ColumnId, DEFAULT_COLUMNS } from "./traceColumns.tsx";

const ids = Object.keys(COLUMN_LABELS) as ColumnId[];

/** Columns with one shown or hidden; null for the default ones. */
function withColumn(columns: readonly string[] | null, id: ColumnId, isShown: boolean): string[] | null {
  const before = new Set<string>(columns ?? DEFAULT_COLUMNS);
  const next = ids.filter((each) => (each === id ? isShown : before.has(each)));
  return next.join() === DEFAULT_COLUMNS.join() ? null : next;
}

/** Chooses the columns of the list; the name always stays. Null stands for the default columns. */
export function ColumnMenu({ columns, onChange }: { columns: readonly string[] | null; onChange: (update: ListUpdate) => void }) {
  const shown = new Set<string>(columns ?? DEFAULT_COLUMNS);
  return (
    <Menu
      trigger={
        <Button size="icon" aria-label="Columns" title="Columns">
          <Columns3 className="size-3.5" aria-hidden />
        </Button>
      }
    >
      {ids.map((id) => (
        <MenuCheck
          key={id}
          checked={shown.has(id)}
          isDisabled={id === "name"}
          onChange={(isShown) => onChange((now) => ({ columns: withColumn(now.columns, id, isShown) }))}
        >
          {COLUMN_LABELS[id]}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuAction isDisabled={columns === null} onClick={() => onChange({ columns: null })}>
        Usual columns
      </MenuAction>
    </Menu>
  );
}
