/** Where a simulated chain went wrong. */
export class SimFailure extends Error {
  override readonly name = "SimFailure";
  readonly height: number;

  /** @param height block after which it shows */
  constructor(height: number, message: string) {
    super(message);
    this.height = height;
  }
}
