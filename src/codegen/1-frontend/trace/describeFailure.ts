/**
 * What a body threw, as a code, a sentence and a stack.
 *
 * Invariant: any thrown value is taken, also one that is no Error.
 */
import type { Frame, TraceFailure } from './messages.ts';

export function describeFailure(thrown: unknown, code?: TraceFailure['code']): TraceFailure {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const frames = thrown instanceof Error ? framesOf(thrown.stack ?? '') : [];
  return { code: code ?? codeOf(thrown, message), message, frames };
}

function codeOf(thrown: unknown, message: string): TraceFailure['code'] {
  // What V8 says of `x.relu()` where x is no tensor. The file type-checks, so the value came through a cast or an any.
  if (thrown instanceof TypeError && /\.\w+ is not a function|^Cannot read properties of/.test(message)) return 'not_a_tensor_operation';
  if (/^\w+: the operand is no tensor/.test(message)) return 'not_a_tensor_operation';
  if (/to donate/.test(message)) return 'donates_nothing';
  return /made outside of it or from data/.test(message) ? 'reads_outside' : 'body_throws';
}

/** `    at f (file:///model.ts:3:5)`, also without a function, and with a path instead of a URL. */
export function framesOf(stack: string): readonly Frame[] {
  return stack.split('\n').flatMap((text) => {
    const [, location = '', line, column] = /^\s+at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (location === '') return [];
    const file = location.startsWith('file:') ? decodeURIComponent(new URL(location).pathname) : location;
    return [{ file, line: Number(line), column: Number(column) }];
  });
}
