/**
 * The order of whole numbers, and of texts, in the type system.
 *
 * Invariant: numbers are decimal texts without leading zeros.
 */

/** Characters of size texts in their order: that of character codes, so that values are ordered by `<`. */
type Order = '*/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

// compareTexts :: (text, text) -> 'less' | 'equal' | 'more'
export type compareTexts<a extends string, b extends string> = a extends b
  ? 'equal'
  : a extends `${infer x}${infer as}`
    ? b extends `${infer y}${infer bs}`
      ? x extends y
        ? compareTexts<as, bs>
        : Order extends `${string}${x}${string}${y}${string}`
          ? 'less'
          : 'more'
      : 'more'
    : 'less';

export const compareTexts = (a: string, b: string): 'less' | 'equal' | 'more' => (a === b ? 'equal' : a < b ? 'less' : 'more');

// longer :: (text, text) -> which has more characters
type longer<a extends string, b extends string> = a extends `${infer _x}${infer as}`
  ? b extends `${infer _y}${infer bs}`
    ? longer<as, bs>
    : 'a'
  : b extends ''
    ? 'neither'
    : 'b';

// compare :: ('784', '64') -> 'more'
export type compare<a extends string, b extends string> = a extends b
  ? 'equal'
  : longer<a, b> extends infer longest
    ? longest extends 'a'
      ? 'more'
      : longest extends 'b'
        ? 'less'
        : compareTexts<a, b>
    : never;

export const compare = (a: string, b: string): 'less' | 'equal' | 'more' => (a === b ? 'equal' : BigInt(a) < BigInt(b) ? 'less' : 'more');
