/**
 * Every operation in a body that is generic in its dims, or in its whole shape where that is enough.
 *
 * Invariant: the table is total: what is not in it is undecided where dims are type parameters, and says so
 * (reject/genericOperations.ts), or has nothing to decide.
 */
import type * as adjoint from 'adjoint';
import {
  type Dim,
  type Divides,
  einsum,
  expr,
  indices,
  type Kept,
  type Key,
  oneHotLike,
  randomNormal,
  randomUniform,
  rearrange,
  reduce,
  repeat,
  type Shape,
  scan,
  stack,
  type Tensor,
  where,
} from 'adjoint';

type Member = Exclude<keyof Tensor<[]> | keyof Tensor<[], 'i32'> | keyof Tensor<[], 'bool'>, symbol>;
type OfTensors =
  | 'einsum'
  | 'expr'
  | 'indices'
  | 'oneHotLike'
  | 'randomNormal'
  | 'randomUniform'
  | 'rearrange'
  | 'reduce'
  | 'repeat'
  | 'scan'
  | 'stack'
  | ('where' & keyof typeof adjoint);
type Undecided = 'reshape' | 'rename' | 'withNames' | 'pad' | 'conv1d' | 'conv2d' | 'maxPool1d' | 'maxPool2d' | 'meanPool1d' | 'meanPool2d';
type ToTheHost = 'data' | 'array' | 'item' | 'dispose' | 'shape' | 'sizes' | 'dtype';

type Decided = Exclude<Member, Undecided | ToTheHost> | OfTensors;

export const decided = <
  B extends Dim,
  N extends Dim,
  M extends Dim,
  K extends Dim,
  H extends Dim,
  D extends Dim,
  S extends Shape,
  P extends Shape,
>(
  s: Tensor<S>,
  t: Tensor<S>,
  mask: Tensor<S, 'bool'>,
  ints: Tensor<S, 'i32'>,
  x: Tensor<[N, M]>,
  z: Tensor<[N, M]>,
  w: Tensor<[M, K]>,
  row: Tensor<[M]>,
  column: Tensor<[N, 1]>,
  first: Tensor<[1, M]>,
  c: Tensor<[N, M], 'bool'>,
  r: Tensor<[B, N, M]>,
  one: Tensor<[1, N, M]>,
  keptBatch: Tensor<[Kept<B>, N, M]>,
  p: Tensor<[...P, N, M]>,
  h: Tensor<[N, M], 'f16'>,
  ids: Tensor<[N], 'i32'>,
  heads: Tensor<[N, D]>,
  fact: Divides<H, D>,
  key: Key,
) => {
  /** An element-wise operation broadcasts as here. */
  const broadcast: readonly (Tensor<[N, M]> | Tensor<[B, N, M]> | Tensor<[...P, N, M]> | Tensor<S>)[] = [
    s.add(t),
    s.add(2),
    s.add(s.sum()),
    x.add(row),
    x.sub(column),
    x.sub(first),
    x.div(x.sum(-1, { keepdims: true })),
    r.add(x),
    r.add(row),
    r.sub(r.max([1, 2], { keepdims: true })),
    p.add(x),
    p.add(row),
    p.sub(p.max(-1, { keepdims: true })),
  ];
  const table = {
    matmul: [
      x.matmul(w),
      r.matmul(w),
      p.matmul(w),
      r.matmul(r.mT),
      one.matmul(r.mT),
      keptBatch.matmul(r.mT),
      r.matmul(one.mT),
    ] as const satisfies readonly [
      Tensor<[N, K]>,
      Tensor<[B, N, K]>,
      Tensor<[...P, N, K]>,
      Tensor<[B, N, N]>,
      Tensor<[B, N, N]>,
      Tensor<[B, N, N]>,
      Tensor<[B, N, N]>,
    ],
    add: broadcast,
    sub: s.sub(t),
    mul: s.mul(t),
    div: s.div(t),
    pow: s.pow(t),
    maximum: x.maximum(row),
    minimum: r.minimum(x),
    rem: ints.rem(ints),
    bitAnd: ints.bitAnd(1),
    bitOr: ints.bitOr(1),
    bitXor: ints.bitXor(1),
    shiftLeft: ints.shiftLeft(1),
    shiftRight: ints.shiftRight(1),
    eq: s.eq(t) satisfies Tensor<S, 'bool'>,
    ne: x.ne(first) satisfies Tensor<[N, M], 'bool'>,
    lt: x.lt(column) satisfies Tensor<[N, M], 'bool'>,
    le: p.le(row) satisfies Tensor<[...P, N, M], 'bool'>,
    gt: s.gt(0) satisfies Tensor<S, 'bool'>,
    ge: r.ge(x) satisfies Tensor<[B, N, M], 'bool'>,
    and: mask.and(mask),
    or: mask.or(true),
    not: mask.not(),
    relu: s.relu(),
    sigmoid: s.sigmoid(),
    tanh: s.tanh(),
    exp: s.exp(),
    log: s.log(),
    sqrt: s.sqrt(),
    stopGradient: s.stopGradient(),
    abs: s.abs(),
    sign: s.sign(),
    square: s.square(),
    neg: s.neg(),
    clip: s.clip(0, 1),
    sin: s.sin(),
    cos: s.cos(),
    erf: s.erf(),
    log1p: s.log1p(),
    expm1: s.expm1(),
    rsqrt: s.rsqrt(),
    floor: s.floor(),
    ceil: s.ceil(),
    round: s.round(),
    isNaN: s.isNaN() satisfies Tensor<S, 'bool'>,
    isFinite: s.isFinite() satisfies Tensor<S, 'bool'>,
    astype: s.astype('f16') satisfies Tensor<S, 'f16'>,
    sum: [x.sum(0), p.sum(-1), x.sum([0, 1]), s.sum()] as const satisfies readonly [Tensor<[M]>, Tensor<[...P, N]>, Tensor<[]>, Tensor<[]>],
    max: p.max(-1),
    min: p.min(-1),
    mean: h.mean(-1) satisfies Tensor<[N], 'f16'>,
    logSumExp: p.logSumExp(-1),
    variance: x.variance(1),
    std: x.std(1),
    norm: p.norm(-1),
    any: c.any(1) satisfies Tensor<[N], 'bool'>,
    all: c.all(-1),
    argmax: [x.argmax(0), r.argmax(-1), r.argmax(-1, { keepdims: true })] as const satisfies readonly [
      Tensor<[M], 'i32'>,
      Tensor<[B, N], 'i32'>,
      Tensor<[B, N, Kept<M>], 'i32'>,
    ],
    softmax: [x.softmax(0), p.softmax(-1)] as const satisfies readonly [Tensor<[N, M]>, Tensor<[...P, N, M]>],
    logSoftmax: p.logSoftmax(-1) satisfies Tensor<[...P, N, M]>,
    cumsum: [x.cumsum(0), p.cumsum(-1)] as const satisfies readonly [Tensor<[N, M]>, Tensor<[...P, N, M]>],
    T: x.T satisfies Tensor<[M, N]>,
    mT: r.mT satisfies Tensor<[B, M, N]>,
    permute: r.permute(2, 0, 1) satisfies Tensor<[M, B, N]>,
    transpose: r.transpose(0, 1) satisfies Tensor<[N, B, M]>,
    renameAxis: x.renameAxis(0, 'p'),
    flatten: x.flatten(),
    merge: heads.split(fact).merge(fact) satisfies Tensor<[N, D]>,
    split: heads.split(fact),
    slice: x.slice(0, 0) satisfies Tensor<[N, M]>,
    take: x.take(0, ids) satisfies Tensor<[N, M]>,
    scatterAdd: x.scatterAdd(0, ids, z) satisfies Tensor<[N, M]>,
    oneHot: ids.oneHot('class=10') satisfies Tensor<[N, 'class=10']>,
    stack: stack([x, z], 'pair') satisfies Tensor<['pair=2', N, M]>,
    einsum: einsum('nm,mk->nk', x, w) satisfies Tensor<[N, K]>,
    expr: expr('relu(x @ w)', { x, w }) satisfies Tensor<[N, K]>,
    rearrange: rearrange(x, 'n m -> m n') satisfies Tensor<[M, N]>,
    reduce: reduce(x, 'n m -> n', 'sum') satisfies Tensor<[N]>,
    repeat: repeat(x, 'n m -> n m k', { k: 3 }),
    where: [where(mask, s, t), where(mask, s, 0), where(mask, 0, s), where(c, x, row), where(c, r, x)] as const satisfies readonly [
      Tensor<S>,
      Tensor<S>,
      Tensor<S>,
      Tensor<[N, M]>,
      Tensor<[B, N, M]>,
    ],
    indices: indices(x, 1) satisfies Tensor<[N, M], 'i32'>,
    oneHotLike: oneHotLike(ids, x) satisfies Tensor<[N, M]>,
    randomUniform: randomUniform(key, s) satisfies Tensor<S>,
    randomNormal: randomNormal(key, s) satisfies Tensor<S>,
    scan: scan(x, 0, (carry, y) => ({ carry, y: y.mul(2) })),
  };
  return table satisfies { readonly [name in Decided]: unknown };
};
