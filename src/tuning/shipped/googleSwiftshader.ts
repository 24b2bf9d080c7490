/** Measured by bench/kernels/ship.ts; not edited. */
import type { TuningFile } from '../tuningFile.ts';

export const googleSwiftshader: TuningFile = {
  format: 1,
  adapter: {
    vendor: 'google',
    architecture: 'swiftshader',
    device: 'swiftshader-device-subzero-',
    description: 'SwiftShader driver 5.0.0',
    dawn: '0.6.2',
  },
  choices: {
    'f32 NN 1x1000x10x1000': {
      tile: 'quadSwap 32x16',
      milliseconds: 10.6,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 10.6,
      },
    },
    'f32 NN 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 1.91,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 1.91,
      },
    },
    'f32 NN 1x128x10x256 short rows': {
      tile: 'quadSwap 16x16',
      milliseconds: 0.48,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 0.48,
      },
    },
    'f32 NN 1x128x256x784 short': {
      tile: 'quadSwap 16x32',
      milliseconds: 14.8,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 14.8,
      },
    },
    'f32 NN 1x1x1000x1000': {
      tile: 'quadSplit 1x8',
      milliseconds: 3.85,
      model: {
        tile: 'quadSplit 1x8',
        milliseconds: 3.85,
      },
    },
    'f32 NN 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 11.5,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 11.5,
      },
    },
    'f32 NN 1x256x512x512 short': {
      tile: 'quadSwap 32x32',
      milliseconds: 33.5,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 33.5,
      },
    },
    'f32 NN 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 65,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 65,
      },
    },
    'f32 NN 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 102,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 102,
      },
    },
    'f32 NN 64x16x16x16': {
      tile: 'quadSwap 8x16',
      milliseconds: 0.454,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 0.563,
      },
    },
    'f32 NT 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 1.9,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 1.9,
      },
    },
    'f32 NT 1x128x256x10 short': {
      tile: 'quadSwap 16x16',
      milliseconds: 1.07,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 1.07,
      },
    },
    'f32 NT 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 10.9,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 10.9,
      },
    },
    'f32 NT 1x256x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 31.8,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 31.8,
      },
    },
    'f32 NT 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 64.6,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 64.6,
      },
    },
    'f32 NT 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 84.8,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 84.8,
      },
    },
    'f32 SW 1x32x144x6272': {
      tile: 'quadSwap 16x32',
      milliseconds: 27.8,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 27.8,
      },
    },
    'f32 TN 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 1.8,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 1.8,
      },
    },
    'f32 TN 1x256x10x128 short right': {
      tile: 'quadSwap 16x16',
      milliseconds: 0.472,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 0.472,
      },
    },
    'f32 TN 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 12.1,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 12.1,
      },
    },
    'f32 TN 1x512x512x256 right': {
      tile: 'quadSwap 32x32',
      milliseconds: 36.8,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 36.8,
      },
    },
    'f32 TN 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 84.1,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 84.1,
      },
    },
    'f32 TN 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 86.2,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 86.2,
      },
    },
    'f32 TN 1x784x256x128 short right': {
      tile: 'quadSwap 16x32',
      milliseconds: 20.1,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 20.1,
      },
    },
    'f32 TN 2x784x128x2048': {
      tile: 'quadSwap 32x32',
      milliseconds: 230,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 230,
      },
    },
    'f32 TN 8x64x10x512': {
      tile: 'quadSwap 32x16',
      milliseconds: 2.58,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 2.58,
      },
    },
    'f32 WS 1x6272x16x288 short': {
      tile: 'quadSwap 32x16',
      milliseconds: 27.9,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 27.9,
      },
    },
    'f32 WT 1x6272x32x144 short': {
      tile: 'quadSwap 16x32',
      milliseconds: 27.2,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 27.2,
      },
    },
  },
};
