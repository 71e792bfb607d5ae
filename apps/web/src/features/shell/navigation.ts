/** The screens that there are, in the order of the navigation. */
export const SCREENS = [
  { href: "/traces", label: "Traces", shortcut: "goTraces" },
  { href: "/trends", label: "Trends", shortcut: "goTrends" },
  { href: "/sessions", label: "Sessions", shortcut: "goSessions" },
  { href: "/users", label: "Users", shortcut: "goUsers" },
  { href: "/evals", label: "Eval runs", shortcut: "goEvals" },
  { href: "/scoring", label: "Online scoring", shortcut: "goScoring" },
  { href: "/dead-letters", label: "Dead letters", shortcut: "goDeadLetters" },
  { href: "/rollouts", label: "Rollouts", shortcut: "goRollouts" },
  { href: "/datasets", label: "Datasets", shortcut: "goDatasets" },
  { href: "/annotations", label: "Annotations", shortcut: "goAnnotations" },
  { href: "/calibration", label: "Calibration", shortcut: "goCalibration" },
  { href: "/projects", label: "Projects and keys", shortcut: "goProjects" },
  { href: "/reconciliation", label: "Reconciliation", shortcut: "goReconciliation" },
  { href: "/status", label: "Status", shortcut: "goStatus" },
] as const;
