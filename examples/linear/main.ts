/** The worked example: a linear layer forward and backward, with the shapes and the numbers. */
import { init, ones, tensor, vjp } from 'adjoint';
import { linear } from './linear.ts';

// biome-ignore format: matrices by rows
const X = tensor([[1, 0], [0, 1], [1, 1]], ['n', 'in']);
// biome-ignore format: matrices by rows
const W = tensor([[2, 1], [-1, 3]], ['in', 'out']);
const b = tensor([0.5, -2], ['out']);

const { description } = await init();
console.log(`Y = XW + b on ${description}\n`);

const { y, backward } = vjp(linear)(X, { w: W, b });
const [dX, { w: dW, b: db }] = backward(ones(['n=3', 'out=2']));

// Read together: the forward and the backward pass are one program of three kernels.
const rows = await Promise.all(
  Object.entries({ X, W, b, Y: y, dW, dX, db }).map(async ([name, t]) => {
    const values = await t.array();
    return `${name.padEnd(3)} [${t.shape.join(', ')}]`.padEnd(20) + JSON.stringify(values);
  }),
);
console.log(rows.join('\n'));

console.log(`
The rows of dX are [3, 2], from dY @ W.T. Where the transpose is forgotten, dY @ W gives rows of [1, 4]: W is
square, so the sizes cannot tell. The names can. dY.matmul(W) does not compile:

  matmul: inner axes differ: [n=3, out=2] @ [in=2, out=2] contracts out=2 with in=2 (try a.matmul(b.T): [n=3, in=2])`);
