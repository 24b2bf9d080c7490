/** What a page is made of, beside the rule's own file. */
export interface Page {
  /** The file in src/types/rules, and the page in docs/rules. */
  readonly rule: string;
  readonly title: string;
  /** Other files of src/types/rules that are part of the rule. */
  readonly parts?: readonly string[];
  /** The tensors that the examples speak of, by their types. */
  readonly given: Readonly<Record<string, string>>;
  /** Statements before the examples. */
  readonly setup?: readonly string[];
  /** Expressions with their types. */
  readonly accepted: readonly (readonly [code: string, type: string])[];
  /** Expressions that the types refuse, and the run, in the same words. */
  readonly refused: readonly string[];
  /** Expressions that only the types refuse: at run time there is nothing left to see. */
  readonly refusedByTypes?: readonly string[];
  /** The functions that are shown; by default all of the file. */
  readonly shown?: readonly string[];
}
