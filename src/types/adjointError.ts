/** The common base of errors: `error instanceof AdjointError` is true of everything this package throws on purpose. */
export class AdjointError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
