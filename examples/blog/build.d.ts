/** Builds the site in `sourceDir` into `outputDir`, which is emptied first. */
export declare function build(sourceDir: string, outputDir: string): Promise<void>
