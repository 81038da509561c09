// Builds the blog from a Node program; the command line way is in README.md.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import Eleventy from '@11ty/eleventy'

/**
 * Builds the site in `sourceDir` (this folder or a copy of it) into `outputDir`, which is emptied first.
 * Prints nothing. Both may lie anywhere; a relative one is taken from the working directory.
 */
export async function build(sourceDir, outputDir) {
  const source = path.resolve(sourceDir)
  const output = path.resolve(outputDir)
  if (`${source}${path.sep}`.startsWith(`${output}${path.sep}`)) {
    throw new Error(`Building into ${output} would delete the sources in ${source}. Choose another output folder.`)
  }
  await rm(output, { recursive: true, force: true })

  const eleventy = new Eleventy(undefined, output, {
    configPath: path.join(source, 'eleventy.config.js'),
    quietMode: true,
    // The caches outlive one build; without this a second build in the same process would not see edits.
    config: (config) => config.setUseTemplateCache(false),
  })
  eleventy.disableLogger()
  await eleventy.write()
}
