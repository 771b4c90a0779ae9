// Programs that some tests need and that npm does not install.

/** The reason to skip a test; false if it can run. In CI the test always runs, and fails if a program is missing. */
export function unlessInstalled(isInstalled: boolean, packages: string): string | false {
  return isInstalled || process.env.CI === 'true' ? false : `not installed: apt-get install ${packages}`;
}
