/** The screens, grouped by purpose, in the order of the navigation. */
export const SCREEN_GROUPS = [
  {
    label: "Watch",
    screens: [
      { href: "/traces", label: "Traces", shortcut: "goTraces" },
      { href: "/sessions", label: "Sessions", shortcut: "goSessions" },
      { href: "/users", label: "Users", shortcut: "goUsers" },
      { href: "/trends", label: "Trends", shortcut: "goTrends" },
    ],
  },
  {
    label: "Score",
    screens: [
      { href: "/evals", label: "Eval runs", shortcut: "goEvals" },
      { href: "/datasets", label: "Datasets", shortcut: "goDatasets" },
      { href: "/scoring", label: "Online scoring", shortcut: "goScoring" },
      { href: "/annotations", label: "Annotations", shortcut: "goAnnotations" },
      { href: "/calibration", label: "Calibration", shortcut: "goCalibration" },
    ],
  },
  { label: "Gate", screens: [{ href: "/rollouts", label: "Rollouts", shortcut: "goRollouts" }] },
  { label: "Work", screens: [{ href: "/dead-letters", label: "Dead letters", shortcut: "goDeadLetters" }] },
  {
    label: "System",
    screens: [
      { href: "/status", label: "Status", shortcut: "goStatus" },
      { href: "/reconciliation", label: "Reconciliation", shortcut: "goReconciliation" },
      { href: "/projects", label: "Projects and keys", shortcut: "goProjects" },
    ],
  },
] as const;
