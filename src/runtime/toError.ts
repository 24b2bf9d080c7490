/** What was thrown, as an error: anything can be thrown, and what waits is told by errors. */
export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
