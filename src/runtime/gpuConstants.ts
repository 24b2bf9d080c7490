/** The WebGPU flags in use, by value: Node has no such globals, and we leave the global scope alone. Source: WebGPU specification, sections 5 and 8. */
const [mapRead, copySource, copyTarget, storage] = [0x1, 0x4, 0x8, 0x80];
/** What a buffer is used for: by kernels and copies, or to be read by the host. */
export const bufferUsage = { storage: storage | copySource | copyTarget, staging: mapRead | copyTarget } as const;
export const mapModeRead = 0x1;
export const computeStage = 0x4;
