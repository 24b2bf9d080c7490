/** What every WebGPU device offers at least, of the limits that the runtime reads. Source: the WebGPU specification, 3.6.2. */
export const promisedLimits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
} as const;
