/** Curves as an SVG file, drawn by Vega-Lite, which needs no browser. */
import { writeFile } from 'node:fs/promises';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** For values over several orders of magnitude. */
  readonly logarithmic?: boolean;
}

export async function writeLineChart(
  file: string,
  curves: readonly Curve[],
  { title, x, y, logarithmic = false }: ChartOptions,
): Promise<void> {
  const values = curves.flatMap(({ name, points }) => points.map(([at, value]) => ({ curve: name, x: at, y: value })));
  const chart: TopLevelSpec = {
    title,
    width: 480,
    height: 270,
    data: { values },
    mark: 'line',
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x },
      y: { field: 'y', type: 'quantitative', title: y, scale: { type: logarithmic ? 'log' : 'linear' } },
      ...(curves.length > 1 ? { color: { field: 'curve', type: 'nominal', title: null } } : {}),
    },
  };
  await writeFile(file, await new View(parse(compile(chart).spec), { renderer: 'none' }).toSVG());
}
