/**
 * A call of everything that has a price: the members of tensors, and the public functions.
 *
 * Invariant: the table is total, so an operation without a published price does not compile.
 */
import type * as adjoint from 'adjoint';
import type { Tensor } from 'adjoint';
import { type Call, call, common } from './call.ts';

type Member = Exclude<keyof Tensor<[]> | keyof Tensor<[], 'i32'> | keyof Tensor<[], 'bool'>, symbol>;
type PublicFunction = {
  [name in keyof typeof adjoint]: (typeof adjoint)[name] extends (...args: never) => unknown ? name : never;
}[keyof typeof adjoint];

const x = { x: 'n$=4 m$=6' };
const ranked = { x: 'b$=2 t$=4 d$=6' };
const both = { x: 'n$=4 m$=6', z: 'n$=4 m$=6' };
const bias = { x: 'n$=4 m$=6', b: 'm$=6' };
const product = { x: 'n$=4 m$=6', w: 'm$=6 k$=5' };
const truth = { x: 'n$=4 m$=6:bool', z: 'n$=4 m$=6:bool' };
const whole = { x: 'n$=4 m$=6:i32' };
const key = { key: '{Tensor<["key=2"], "u32">}' };
const model = { p: "{{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }}" };
const trained = {
  ...model,
  g: "{a.Gradient<{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }>}",
  v: "{a.State<{ w: Parameter<'w', ['m$=6', 'k$=5']>; b: Parameter<'b', ['k$=5']> }>}",
};
const loss = { f: "{(p: { w: Tensor<['m$=6', 'k$=5']> }, x: Tensor<['n$=4', 'm$=6']>) => Tensor<[]>}" };
const image = { x: 'n$ c$=3 h$=32 w$=32' };

/** An element-wise operation. */
const elementwise = (name: string): readonly Call[] => [call(`x$.${name}(z$)`, both), call(`x$.${name}(2)`, x)];
const map = (name: string): readonly Call[] => [call(`x$.${name}()`, x)];
const reduction = (name: string): readonly Call[] => [call(`x$.${name}('m$')`, x), call(`x$.${name}('m$', { keepdims: true })`, x)];

export const operations: { readonly [name in Member | PublicFunction]: readonly Call[] } = {
  matmul: [
    common('x$.matmul(w$)', product),
    common('x$.matmul(w$)', { x: 'batch$ m$=6', w: 'm$=6 k$=5' }),
    call('x$.matmul(w$)', { x: 'b$=2 t$=4 m$=6', w: 'm$=6 k$=5' }),
    call('x$.matmul(w$)', { x: 'b$=2 t$=4 m$=6', w: 'b$=2 m$=6 k$=5' }),
    call('x$.matmul(w$)', { x: 'b$=2 h$=3 t$=4 m$=6', w: 'b$=2 h$=3 m$=6 k$=5' }),
    call('x$.matmul(w$)', { x: 'n$=4 m$=6:i32', w: 'm$=6 k$=5:i32' }),
    call('x$.matmul(w$)', { x: 'n$=4 m$=6', w: "{Parameter<'w$', ['m$=6', 'k$=5']>}" }),
  ],
  add: [
    common('x$.add(z$)', both),
    common('x$.add(2)', x),
    common('x$.add(b$)', bias),
    common('x$.add(s$)', { x: 'n$=4 m$=6', s: '' }),
    call('x$.add(b$)', { x: 'b$=2 t$=4 d$=6', b: 'd$=6' }),
    call('x$.add(k$)', { x: 'n$=4 m$=6', k: 'n$=4 m$=1' }),
    call('x$.add(k$)', { x: 'n$=4 m$=6', k: 'n$=1 m$=6' }),
    call('x$.add(z$)', { x: 'b$=2 t$=4 d$=6', z: 't$=4 d$=6' }),
    call('x$.add(z$)', { x: 'n$=4 m$=6:i32', z: 'n$=4 m$=6:i32' }),
    call('x$.add(2)', { x: "{Parameter<'w$', ['m$=6', 'k$=5']>}" }),
  ],
  sub: elementwise('sub'),
  mul: elementwise('mul'),
  div: elementwise('div'),
  maximum: elementwise('maximum'),
  minimum: elementwise('minimum'),
  relu: [common('x$.relu()', x), call('x$.relu()', ranked)],
  sum: [
    common('x$.sum()', x),
    common("x$.sum('n$')", x),
    common("x$.sum('m$')", x),
    common('x$.sum(0)', x),
    common('x$.sum(1)', x),
    common("x$.sum('n$', { keepdims: true })", x),
    common("x$.sum('m$', { keepdims: true })", x),
    common('x$.sum(0, { keepdims: true })', x),
    common('x$.sum(1, { keepdims: true })', x),
    call("x$.sum('d$')", ranked),
    call("x$.sum('d$', { keepdims: true })", ranked),
    call("x$.sum('t$')", ranked),
    call("x$.sum('b$')", ranked),
    call("x$.sum('b$')", { x: 'b$ m$=6' }),
    call("x$.sum(['b$', 't$'])", ranked),
    call("x$.sum('m$')", whole),
  ],
  max: reduction('max'),
  mean: reduction('mean'),
  min: reduction('min'),
  T: [common('x$.T', x)],
  mT: [call('x$.mT', x), call('x$.mT', ranked)],
  shape: [call('x$.shape', x)],
  sizes: [call('x$.sizes', x)],
  dtype: [call('x$.dtype', x)],
  neg: map('neg'),
  sigmoid: map('sigmoid'),
  tanh: map('tanh'),
  exp: map('exp'),
  log: map('log'),
  sqrt: map('sqrt'),
  stopGradient: map('stopGradient'),
  abs: map('abs'),
  sign: map('sign'),
  square: map('square'),
  sin: map('sin'),
  cos: map('cos'),
  erf: map('erf'),
  log1p: map('log1p'),
  expm1: map('expm1'),
  rsqrt: map('rsqrt'),
  floor: map('floor'),
  ceil: map('ceil'),
  round: map('round'),
  isNaN: map('isNaN'),
  isFinite: map('isFinite'),
  clip: [call('x$.clip(0, 1)', x)],
  logSumExp: reduction('logSumExp'),
  variance: reduction('variance'),
  std: reduction('std'),
  norm: reduction('norm'),
  pow: elementwise('pow'),
  softmax: [call("x$.softmax('m$')", x)],
  logSoftmax: [call("x$.logSoftmax('m$')", x)],
  any: [call("x$.any('m$')", truth)],
  all: [call("x$.all('m$')", truth)],
  rem: [call('x$.rem(2)', whole)],
  bitAnd: [call('x$.bitAnd(2)', whole)],
  bitOr: [call('x$.bitOr(2)', whole)],
  bitXor: [call('x$.bitXor(2)', whole)],
  shiftLeft: [call('x$.shiftLeft(2)', whole)],
  shiftRight: [call('x$.shiftRight(2)', whole)],
  eq: elementwise('eq'),
  ne: elementwise('ne'),
  lt: elementwise('lt'),
  le: elementwise('le'),
  gt: elementwise('gt'),
  ge: elementwise('ge'),
  and: [call('x$.and(z$)', truth)],
  or: [call('x$.or(z$)', truth)],
  not: [call('x$.not()', truth)],
  argmax: [call("x$.argmax('m$')", x)],
  cumsum: [call("x$.cumsum('m$')", x)],
  astype: [call("x$.astype('i32')", x)],
  reshape: [call("x$.reshape(['p$=24'])", x), call("x$.reshape(['p$=2', 'q$=12'])", x)],
  rename: [call("x$.rename({ n$: 'p$' })", x)],
  renameAxis: [call("x$.renameAxis(0, 'p$')", x), call("x$.renameAxis('n$', 'p$')", x)],
  withNames: [call("x$.withNames('p$', 'q$')", x)],
  permute: [call('x$.permute(0, 2, 1)', ranked), call("x$.permute('b$', 'd$', 't$')", ranked)],
  transpose: [call('x$.transpose(1, 2)', ranked), call("x$.transpose('t$', 'd$')", ranked)],
  flatten: [call('x$.flatten()', x), call("x$.flatten('p$')", x)],
  merge: [call('x$.merge([0, 1])', ranked), call("x$.merge(['t$', 'd$'], 'p$')", ranked)],
  split: [call("x$.split('d$', ['h$=2', 'e$'])", ranked), call('x$.split(f$)', { ...ranked, f: "{a.Divides<'h$=2', 'd$=6'>}" })],
  slice: [call("x$.slice('m$', 1, 4)", x)],
  pad: [call("x$.pad('m$', 1, 2)", x)],
  take: [call("x$.take('n$', i$)", { x: 'n$=4 m$=6', i: 'k$=3:i32' })],
  scatterAdd: [call("x$.scatterAdd('n$', i$, u$)", { x: 'n$=4 m$=6', i: 'k$=3:i32', u: 'k$=3 m$=6' })],
  oneHot: [call("x$.oneHot('c$=10')", { x: 'n$=4:i32' })],
  conv1d: [call('x$.conv1d(w$)', { x: 'n$ c$=3 t$=32', w: 'o$=8 c$=3 3' })],
  conv2d: [
    call('x$.conv2d(w$)', { ...image, w: 'o$=8 c$=3 3 3' }),
    call('x$.conv2d(w$, { stride: 2, padding: 1 })', { ...image, w: 'o$=8 c$=3 3 3' }),
  ],
  maxPool1d: [call('x$.maxPool1d(2)', { x: 'n$ c$=3 t$=32' })],
  meanPool1d: [call('x$.meanPool1d(2)', { x: 'n$ c$=3 t$=32' })],
  maxPool2d: [call('x$.maxPool2d(2)', image)],
  meanPool2d: [call('x$.meanPool2d(2)', image)],
  data: [call('x$.data()', x)],
  array: [call('x$.array()', x)],
  item: [call('x$.item()', x)],
  dispose: [call('x$.dispose()', x)],

  tensor: [call("a.tensor([[1, 2, 3], [4, 5, 6]], ['n$', 'm$'])", {}), call("a.tensor(x$, ['n$=2', 'm$=3'])", { x: '{Float32Array}' })],
  ones: [call("a.ones(['n$=4', 'm$=6'])", {})],
  zeros: [call("a.zeros(['n$=4', 'm$=6'])", {})],
  full: [call("a.full(['n$=4', 'm$=6'], 2)", {})],
  eye: [call("a.eye(['n$=4', 'm$=4'])", {})],
  arange: [call("a.arange('n$=4')", {})],
  randn: [call("a.randn(['n$=4', 'm$=6'])", {})],
  uniform: [call("a.uniform(['n$=4', 'm$=6'])", {})],
  key: [call('a.key(1)', {})],
  splitKey: [call('a.splitKey(key$, 2)', key)],
  foldIn: [call('a.foldIn(key$, 1)', key)],
  randomBits: [call("a.randomBits(key$, ['n$=4', 'm$=6'])", key)],
  randomUniform: [call("a.randomUniform(key$, ['n$=4', 'm$=6'])", key), call('a.randomUniform(key$, x$)', { ...key, ...x })],
  randomNormal: [call("a.randomNormal(key$, ['n$=4', 'm$=6'])", key), call('a.randomNormal(key$, x$)', { ...key, ...x })],
  einsum: [call("a.einsum('ij,jk->ik', x$, w$)", product)],
  expr: [
    call("a.expr('x.T @ dy', { x: x$, dy: dy$ })", { ...x, dy: 'n$=4 k$=5' }),
    call("a.expr('relu(x @ w + b)', { x: x$, w: w$, b: b$ })", { ...product, b: 'k$=5' }),
  ],
  rearrange: [call("a.rearrange(x$, 'b (h w) c -> b h w c', { h: 2 })", ranked), call("a.rearrange(x$, 'b p c -> b q=(p c)')", ranked)],
  reduce: [call("a.reduce(x$, 'b p c -> b c', 'mean')", ranked)],
  repeat: [call("a.repeat(x$, 'b p c -> b p c k', { k: 3 })", ranked)],
  concat: [call("a.concat([x$, z$], 'm$')", { x: 'n$=4 m$=6', z: 'n$=4 m$=2' })],
  stack: [call("a.stack([x$, z$], 'p$')", both)],
  where: [call('a.where(c$, x$, z$)', { c: 'n$=4 m$=6:bool', ...both }), call('a.where(c$, x$, 0)', { c: 'n$=4 m$=6:bool', ...x })],
  choose: [call('a.choose(c$, p$, p$)', { ...model, c: ':bool' })],
  indices: [call("a.indices(x$, 'm$')", x)],
  oneHotLike: [call('a.oneHotLike(i$, x$)', { ...x, i: 'n$=4:i32' })],
  divides: [call("a.divides('h$=2', 'd$=6')", {})],
  scan: [call('a.scan(x$, 0, (carry, row) => ({ carry, y: row.relu() }))', x)],
  layer: [call('a.layer(f$)', loss)],
  jit: [call('a.jit(f$)', loss)],
  checkpoint: [call('a.checkpoint(f$)', loss)],
  accumulate: [call('a.accumulate(f$, 4)', loss)],
  vjp: [call('a.vjp(f$)(p$, x$).backward(a.ones([]))', { ...loss, ...model, ...x })],
  grad: [call('a.grad(f$)(p$, x$)', { ...loss, ...model, ...x })],
  valueAndGrad: [call('a.valueAndGrad(f$)(p$, x$)', { ...loss, ...model, ...x })],
  customVjp: [
    call(
      "a.customVjp((x: a.Tensor<['n$=4', 'm$=6']>, w: a.Tensor<['m$=6', 'k$=5']>) => ({ y: x.matmul(w), saved: { x, w } }), (saved, dy) => [dy.matmul(saved.w.T), saved.x.T.matmul(dy)])",
      {},
    ),
  ],
  parameters: [call('a.parameters({ w: w$, b: b$ })', { w: 'm$=6 k$=5', b: 'k$=5' })],
  zerosLike: [call('a.zerosLike(p$)', model)],
  update: [call('a.update(p$, g$, (w, g) => w.sub(g))', trained)],
  updateWithState: [call('a.updateWithState(p$, g$, { v: v$ }, (w, g, { v }) => ({ parameter: w.sub(g.add(v)), state: { v } }))', trained)],
  mapGradient: [call('a.mapGradient(g$, (g) => g.mul(2))', trained)],
  sumOver: [call('a.sumOver(g$, (g) => g.mul(g).sum())', trained)],
  init: [call('a.init()', {})],
};
