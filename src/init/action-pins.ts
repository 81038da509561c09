// The actions that workflows written here use: each by the full commit that its release is.

/** Where the Action of this project lives, and the version that workflows ask for. */
export const FRESHFRONT_ACTION = 'freshfront/freshfront'
export const FRESHFRONT_ACTION_USES: string = `${FRESHFRONT_ACTION}@v1`

/** `owner/name@commit # release`, as it stands after `uses:`. */
export const actionPins: {
  readonly checkout: string
  readonly configureAwsCredentials: string
  readonly setUpNode: string
  readonly setUpPnpm: string
  readonly setUpBun: string
  readonly setUpPython: string
  readonly setUpRuby: string
  readonly setUpHugo: string
} = {
  checkout: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2',
  configureAwsCredentials: 'aws-actions/configure-aws-credentials@b47578312673ae6fa5b5096b330d9fbac3d116df # v4.2.1',
  setUpNode: 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0',
  setUpPnpm: 'pnpm/action-setup@a7487c7e89a18df4991f7f222e4898a00d66ddda # v4.1.0',
  setUpBun: 'oven-sh/setup-bun@735343b667d3e6f658f44d0eca948eb6282f2b76 # v2.0.2',
  setUpPython: 'actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0',
  setUpRuby: 'ruby/setup-ruby@44511735964dcb71245e7e55f72539531f7bc0eb # v1.257.0',
  setUpHugo: 'peaceiris/actions-hugo@75d2e84710de30f6ff7268e08f310b60ef14033f # v3.0.0',
}
