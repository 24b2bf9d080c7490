/**
 * A device that runs nothing and validates everything, for WGSL that needs a feature the software device lacks: Dawn's null
 * backend offers all of them.
 */
import { create } from 'webgpu';

export async function nullDevice(features: readonly GPUFeatureName[]): Promise<GPUDevice> {
  const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('Dawn has no null backend');
  // Dawn's instance dies when nobody refers to it
  return Object.assign(await adapter.requestDevice({ requiredFeatures: [...features] }), { instance: gpu });
}
