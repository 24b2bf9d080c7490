/** An LSTM over six steps, which the build makes a loop within one program; its gradient is another. */
import { layer, type Tensor } from 'adjoint';
import { type Gated, lstm } from 'adjoint/nn';

interface State {
  readonly h: Tensor<['batch', 'hidden=7']>;
  readonly c: Tensor<['batch', 'hidden=7']>;
}

export const recurrent = layer((x: Tensor<['batch', 't=6', 'in=5']>, p: Gated<'in=5', 'hidden=7', 'gate=4'>, start: State) =>
  lstm(x, p, start),
);
