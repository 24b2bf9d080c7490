/**
 * A failed trace as a diagnostic at the user's expression.
 *
 * Invariant: the position is the innermost place of the stack that the user wrote, else the layer itself.
 */
import { existsSync } from 'node:fs';
import { diagnostic } from '../diagnostics/catalogue.ts';
import type { Diagnostic, Position } from '../diagnostics/diagnostic.ts';
import type { PathNames } from '../read/positions.ts';
import type { Frame, TraceFailure } from './messages.ts';

export interface FailurePlace {
  readonly layer: string;
  /** The module that was imported. */
  readonly file: string;
  readonly position: Position;
  readonly resultPosition: Position;
}

export function failureDiagnostic({ code, message, frames }: TraceFailure, place: FailurePlace, names: PathNames): Diagnostic {
  const thrownAt = userPosition(frames, place.file, names) ?? place.position;
  switch (code) {
    case 'module_throws':
      return diagnostic(code, thrownAt, [message]);
    case 'not_a_layer':
      return diagnostic(code, place.position, [place.layer]);
    case 'shape_differs':
      return diagnostic(code, place.resultPosition, [place.layer, message]);
    case 'donates_nothing':
      return diagnostic(code, place.position, [message]);
    case 'not_compiled':
      return diagnostic(code, place.position, [place.layer, message]);
    case 'reads_outside':
    case 'not_a_tensor_operation':
    case 'body_throws':
      return diagnostic(code, thrownAt, [place.layer, message]);
  }
}

/** The folder of this package's own code: src or dist. */
const packageFolder = decodeURIComponent(new URL('../../../', import.meta.url).pathname);

function userPosition(frames: readonly Frame[], file: string, names: PathNames): Position | undefined {
  const isUsers = (frame: Frame): boolean =>
    frame.file === file || (!frame.file.startsWith(packageFolder) && !frame.file.includes('/node_modules/') && existsSync(frame.file));
  const frame = frames.find(isUsers);
  return frame && { file: names(frame.file), line: frame.line, column: frame.column };
}
