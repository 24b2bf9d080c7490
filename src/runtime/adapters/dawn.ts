/** Dawn's Node bindings, the npm package `webgpu`. The only file that imports it, and only when a device is asked for. */

/** A fresh Dawn instance. It sees the Vulkan drivers that the environment names at this moment; later changes need another instance. */
export async function createDawn(options: readonly string[]): Promise<GPU> {
  const { create } = await import('webgpu');
  return create([...options]);
}
