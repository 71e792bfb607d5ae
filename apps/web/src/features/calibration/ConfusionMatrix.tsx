import type { JudgeCalibration } from "@signalbox/model";
import { classNames } from "../../components/ui/classNames.ts";
import { formatCount } from "../../format/amounts.ts";

/** The labels of people (rows) against those of a judge (columns) for the same traces: they agree on the diagonal. */
export function ConfusionMatrix({ counts }: { counts: JudgeCalibration["record"]["counts"] }) {
  const rows = [
    {
      people: "pass",
      cells: [
        { judge: "pass", count: counts.truePasses },
        { judge: "fail", count: counts.falseFails },
      ],
    },
    {
      people: "fail",
      cells: [
        { judge: "pass", count: counts.falsePasses },
        { judge: "fail", count: counts.trueFails },
      ],
    },
  ];
  return (
    <table aria-label="What people and judge said" className="my-1.5 border-separate border-spacing-px text-xs tabular-nums">
      <thead>
        <tr className="text-faint">
          <td />
          {["pass", "fail"].map((said) => (
            <th key={said} scope="col" className="px-1.5 text-center font-normal whitespace-nowrap">
              judge: {said}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ people, cells }) => (
          <tr key={people}>
            <th scope="row" className="pr-1.5 text-right font-normal whitespace-nowrap text-faint">
              people: {people}
            </th>
            {cells.map(({ judge, count }) => (
              <td
                key={judge}
                className={classNames(
                  "px-1.5 py-0.5 text-center",
                  judge === people ? "bg-clear-soft text-clear" : count > 0 ? "bg-caution-soft text-caution" : "bg-sunken text-faint",
                )}
              >
                {formatCount(count)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
