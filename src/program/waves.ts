/**
 * How long workgroups take of which `parallel` run side by side. What does not fill the last wave costs as if it did; what is only
 * padding takes power from what is not.
 */
export function wavesOf(workgroups: number, parallel: number): number {
  const waves = workgroups / parallel;
  return Math.ceil(waves) + waves / 2;
}
