// Tasks one after the other, in the order in which they come.

/** Runs each task when those before it have ended, well or not. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>

export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    last = run
    return run
  }
}
