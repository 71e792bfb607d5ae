import { type JudgeCalibration, JudgeCalibrationRecord, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** The most judges of a project that are listed. */
const JUDGES_MAX = 200;

function toCalibration({ record, madeAt, ...row }: Prisma.JudgeCalibrationRowGetPayload<object>): JudgeCalibration {
  return { ...row, record: JudgeCalibrationRecord.parse(record), madeAt: madeAt.toISOString() };
}

/** Stores a judge's calibration record; earlier ones stay. Throws `not_found` without such a project. */
export async function storeJudgeCalibration(
  prisma: PrismaClient,
  calibration: Omit<JudgeCalibration, "id" | "madeAt">,
  now: Date,
): Promise<JudgeCalibration> {
  await requireProject(prisma, calibration.project);
  const record = JudgeCalibrationRecord.parse(calibration.record);
  const data = { ...calibration, record, id: newId(), madeAt: now };
  return toCalibration(await askStateStore(() => prisma.judgeCalibrationRow.create({ data })));
}

/** The latest record of each judge of a project, by score and judge; limited to one score where `scoreName` is given. */
export async function listJudgeCalibrations(prisma: PrismaClient, project: string, scoreName?: string): Promise<JudgeCalibration[]> {
  const rows = await askStateStore(() =>
    prisma.judgeCalibrationRow.findMany({
      where: { project, ...(scoreName === undefined ? {} : { scoreName }) },
      distinct: ["scoreName", "judge"],
      orderBy: [{ scoreName: "asc" }, { judge: "asc" }, { madeAt: "desc" }, { id: "desc" }],
      take: JUDGES_MAX,
    }),
  );
  return rows.map(toCalibration);
}
