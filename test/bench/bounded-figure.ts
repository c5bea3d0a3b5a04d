/** A figure with what it should be. */
export interface BoundedFigure {
  readonly name: string;
  readonly words: string;
  readonly value: number;
  readonly unit: string;
  /** Whether more is better. */
  readonly atLeast: boolean;
  readonly target: number;
}
