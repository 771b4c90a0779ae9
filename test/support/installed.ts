// Programs that some tests need and npm does not install.

/** Why a test cannot run here; false when it can. In CI everything is installed: there the test runs, and fails where it is not. */
export function unlessInstalled(isInstalled: boolean, packages: string): string | false {
  return isInstalled || process.env.CI === 'true' ? false : `not installed: apt-get install ${packages}`;
}
