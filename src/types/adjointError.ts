/**
 * The common base of errors: `error instanceof AdjointError` is true of everything this package throws on purpose.
 * Each class states its name, because bundlers rename classes.
 */
export class AdjointError extends Error {
  static override readonly name: string = 'AdjointError';
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
