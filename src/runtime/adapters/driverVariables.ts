/**
 * The variables by which the Vulkan loader is told its drivers, in the loader's own order: the first that is set decides, and then it
 * looks nowhere else. https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md
 */
const variables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'] as const;

type Environment = Record<string, string | undefined>;

/** The variable that names the drivers, if the user set one. */
export function driverVariable(environment: Environment): string | undefined {
  return variables.find((name) => environment[name]);
}

/** Runs `find` while `environment` names the driver of `manifest` alone, then restores it. */
export async function withDriver<Result>(environment: Environment, manifest: string, find: () => Promise<Result>): Promise<Result> {
  const before = variables.map((name) => [name, environment[name]] as const);
  // Loaders of before 2022 know only the second.
  for (const name of variables) environment[name] = manifest;
  try {
    return await find();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete environment[name];
      else environment[name] = value;
    }
  }
}
