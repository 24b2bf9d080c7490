/** The WebGPU flags in use, by value: Node has no such globals, and we leave the global scope alone. Source: WebGPU specification, sections 5 and 8. */
export const bufferUsage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, storage: 0x80 } as const;
export const mapModeRead = 0x1;
export const computeStage = 0x4;
