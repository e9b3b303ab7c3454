import type { Context } from '../context.ts';
import type { Slice, Window } from './contract.ts';

/** What a slice comes to: two windows of the same length, and which assets and buyers are meant. */
export interface ResolvedSlice {
  window: Window;
  /** As long, and right before it. */
  before: Window;
  /** Null: every asset. */
  assetIds: string[] | null;
  /** `[0]` stands for everybody, as in the table `buyer_slice`; empty where no account is like that. */
  buyerSliceIds: number[];
}

export declare function resolveSlice(ctx: Context, slice: Slice): Promise<ResolvedSlice>;
