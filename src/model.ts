// The nouns of a deploy, as plain JSON data. Everything that one step hands to the next is described in model/ and nowhere else.

export type * from './model/names.ts'
export type * from './model/site.ts'
export type * from './model/live.ts'
export type * from './model/state.ts'
export type * from './model/plan.ts'
export type * from './model/saved-plan.ts'
export type * from './model/churn.ts'
export type * from './model/outcome.ts'
export type * from './model/invalidation.ts'
export type * from './model/config.ts'
export type * from './model/shards.ts'
export type * from './model/diagnosis.ts'
