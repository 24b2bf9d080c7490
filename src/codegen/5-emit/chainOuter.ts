/**
 * A chain kernel's outer sum, as text: the block, weighed, is the left factor of one more product. Where the weights that a mask hides are
 * all 0, it goes over the others only.
 */
import { repeat } from '../../program/kernelText.ts';
import type { ChainKernel } from '../3-fuse/kernel.ts';
import { literalOf } from '../3-fuse/product.ts';
import { edgeText, idleRegion, type Region } from './chainMasks.ts';
import { block, blocksText, type Chain, elementsText, failed, productsText, rowsText, turnOf } from './chainText.ts';
import { elementName, type OperandLoads, ownName } from './contractLoads.ts';
import { isExact } from './contractTiles.ts';
import { accumulatorsOf, finishText, loopText } from './emitContract.ts';
import { functionText } from './finish.ts';
import { isMultiple } from './unroll.ts';
import { resultName, sizeText } from './wgslText.ts';

type Outer = NonNullable<ChainKernel['outer']>;

export function outerText(chain: Chain, right: OperandLoads): readonly string[] {
  const { kernel, layout, isWhole } = chain;
  const outer: Outer = kernel.outer ?? failed();
  const tile = layout.outer;
  const width = literalOf(outer.n) ?? failed();
  const [into] = outer.step.products;
  const number = into?.number ?? failed();
  const idle = idleRegion(kernel);
  const weight = resultName(outer.weight);
  const weighed = [
    `${layout.element(number)} = ${weight};`,
    ...(idle === undefined ? [] : [`live = live | select(0u, 1u, (k ${idle.kind === 'after' ? '>=' : '<'} edge) & !(${weight} == 0f));`]),
  ];
  const weigh =
    into?.result === outer.weight
      ? []
      : [
          ...(idle === undefined ? [] : [`let edge = ${edgeText(idle, layout.inner.height)};`, 'var live = 0u;']),
          ...rowsText(chain, kernel.steps.length, elementsText(chain, outer.step, weighed)),
          ...(idle === undefined ? [] : layout.live.publish),
          ...layout.barrier,
          ...(idle === undefined ? [] : layout.live.meet),
        ];
  const left = {
    isConstant: false,
    step: (steps: number) => [
      repeat(`${tile.rows.loops} u=${steps}`, `let ${elementName(tile.rows)} = ${layout.outerLeft(number, 'k - start + {u}u')};`),
    ],
  };
  const place = `column + ${tile.columns.place('lane')}`;
  const isEven = width % tile.width === 0;
  const columns = repeat(
    tile.columns.loops,
    `let ${ownName.right}${tile.columns.name} = ${isEven ? place : `min(${place}, ${width - 1}u)`};`,
  );
  const turn = turnOf(tile, left, right);
  const across = `for (var column = 0u; column < ${width}u; column += ${tile.width}u) `;
  const [each, sum] = accumulatorsOf(tile);

  if (isWhole) {
    const done = new Set(kernel.steps.flatMap((step) => (step.kind === 'stream' ? step.products.map((one) => one.number) : [])));
    return blocksText(chain, () => [
      ...productsText(chain, outer.step, done),
      ...weigh,
      ...block(
        [
          columns,
          ...right.before,
          repeat(each, `var ${sum} = 0f;`),
          ...(idle === undefined ? block(loopText({ k: kernel.columns }, layout.unroll, turn)) : boundedText(chain, idle, turn)),
          ...finishText(tile, 'f32', outer.epilogue.length),
        ],
        across,
      ),
    ]);
  }
  const count = tile.accumulators;
  const kept = `kept[column / ${tile.width}u * ${count}u + e]`;
  const addUp = block(
    [
      columns,
      ...right.before,
      'var e = 0u;',
      `var sums: array<f32, ${count}>;`,
      `for (e = 0u; e < ${count}u; e++) { sums[e] = ${kept}; }`,
      'e = 0u;',
      repeat(each, `var ${sum} = sums[e]; e++;`),
      ...(idle === undefined ? block(turn(1), 'for (var k = start; k < start + count; k++) ') : boundedText(chain, idle, turn)),
      'e = 0u;',
      repeat(each, `sums[e] = ${sum}; e++;`),
      `for (e = 0u; e < ${count}u; e++) { ${kept} = sums[e]; }`,
    ],
    across,
  );
  return [
    `var kept: array<f32, ${Math.ceil(width / tile.width) * count}>;`,
    ...blocksText(chain, () => [...productsText(chain, outer.step, new Set()), ...weigh, ...addUp, ...layout.barrier]),
    ...block(
      [`for (var e = 0u; e < ${count}u; e++) { finish(b, row + ${tile.looped.row}, column + ${tile.looped.column}, ${kept}); }`],
      across,
    ),
  ];
}

/** The sum over the block without what a region has of it, unless a weight there is `live`. */
function boundedText({ kernel, layout, isWhole }: Chain, { kind }: Region, turn: (steps: number) => readonly string[]): readonly string[] {
  const steps = isWhole && isMultiple(kernel.columns, layout.unroll) ? layout.unroll : 1;
  const bounds =
    kind === 'after'
      ? [
          'let first = start;',
          `let end = select(min((edge + ${steps - 1}u) / ${steps}u * ${steps}u, start + count), start + count, live != 0u);`,
        ]
      : [`let first = select(max(edge / ${steps}u * ${steps}u, start), start, live != 0u);`, 'let end = start + count;'];
  return block([...bounds, ...block(turn(steps), `for (var k = first; k < end; k += ${steps}u) `)]);
}

export function finishFunction({ kernel, layout, context }: Chain): readonly string[] {
  const { outer, rows } = kernel;
  if (outer === undefined) return [];
  const guard = [
    ...(isExact(rows, layout.inner.height) ? [] : ['m < rows']),
    ...(isExact(outer.n, layout.outer.width) ? [] : [`n < ${sizeText(outer.n)}`]),
  ];
  return functionText('finish', ['b', 'm', 'n'], outer.accumulator, 'f32', outer.epilogue, guard, context);
}
