import { Columns3 } from "lucide-react";
import { Button } from "../../../components/ui/Button.tsx";
import { Menu, MenuAction, MenuCheck, MenuLine } from "../../../components/ui/Menu.tsx";
import { COLUMN_LABELS, type ColumnId, DEFAULT_COLUMNS } from "./traceColumns.tsx";

const ids = Object.keys(COLUMN_LABELS) as ColumnId[];

/** Chooses the columns of the list; the name stays. Null stands for those that one begins with. */
export function ColumnMenu({ columns, onChange }: { columns: readonly string[] | null; onChange: (columns: string[] | null) => void }) {
  const shown = new Set<string>(columns ?? DEFAULT_COLUMNS);
  const change = (id: ColumnId, isShown: boolean): void => {
    const next = ids.filter((each) => (each === id ? isShown : shown.has(each)));
    onChange(next.join() === DEFAULT_COLUMNS.join() ? null : next);
  };
  return (
    <Menu
      trigger={
        <Button size="icon" aria-label="Columns" title="Columns">
          <Columns3 className="size-3.5" aria-hidden />
        </Button>
      }
    >
      {ids.map((id) => (
        <MenuCheck key={id} checked={shown.has(id)} isDisabled={id === "name"} onChange={(isShown) => change(id, isShown)}>
          {COLUMN_LABELS[id]}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuAction isDisabled={columns === null} onClick={() => onChange(null)}>
        Usual columns
      </MenuAction>
    </Menu>
  );
}
