/**
 * In a checkout this package runs from src, and what it builds must import the same copy: the export condition
 * `adjoint-source` leads there. An installed package needs no condition.
 *
 * Invariant: decided by where this file lies, so that both halves of the build (the checker and the trace) agree.
 */
export const sourceCondition: string | undefined = import.meta.url.endsWith('.ts') ? 'adjoint-source' : undefined;
