/** The signal that `signalbox roll` sends to the process of `signalbox up`. */
export const ROLL_SIGNAL = "SIGUSR2";
