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
      milliseconds: 15.1,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 15.1,
      },
    },
    'f32 NN 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 2.34,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 2.34,
      },
    },
    'f32 NN 1x128x10x256 short rows': {
      tile: 'quadSwap 16x16',
      milliseconds: 0.561,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 0.561,
      },
    },
    'f32 NN 1x128x256x784 short': {
      tile: 'quadSwap 16x32',
      milliseconds: 15.9,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 15.9,
      },
    },
    'f32 NN 1x1x1000x1000': {
      tile: 'quadDirect 1x16',
      milliseconds: 4.47,
      model: {
        tile: 'quadDirect 1x16',
        milliseconds: 4.47,
      },
    },
    'f32 NN 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 11.9,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 11.9,
      },
    },
    'f32 NN 1x256x512x512 short': {
      tile: 'quadSwap 32x32',
      milliseconds: 45.3,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 45.3,
      },
    },
    'f32 NN 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 105,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 105,
      },
    },
    'f32 NN 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 114,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 114,
      },
    },
    'f32 NN 64x16x16x16': {
      tile: 'quadDirect 8x16',
      milliseconds: 0.705,
      model: {
        tile: 'quadDirect 8x16',
        milliseconds: 0.705,
      },
    },
    'f32 NT 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 2.35,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 2.35,
      },
    },
    'f32 NT 1x128x256x10 short': {
      tile: 'quadDirect 8x32',
      milliseconds: 0.799,
      model: {
        tile: 'quadDirect 8x32',
        milliseconds: 0.799,
      },
    },
    'f32 NT 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 16.5,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 16.5,
      },
    },
    'f32 NT 1x256x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 56.1,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 56.1,
      },
    },
    'f32 NT 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 90.6,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 90.6,
      },
    },
    'f32 NT 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 110,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 110,
      },
    },
    'f32 SW 1x32x144x6272': {
      tile: 'quadSwap 32x16',
      milliseconds: 24.8,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 29.5,
      },
    },
    'f32 TN 1x127x127x127': {
      tile: 'quadSwap 16x16',
      milliseconds: 3.03,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 3.03,
      },
    },
    'f32 TN 1x256x10x128 short right': {
      tile: 'quadSwap 16x16',
      milliseconds: 0.709,
      model: {
        tile: 'quadSwap 16x16',
        milliseconds: 0.709,
      },
    },
    'f32 TN 1x256x256x256': {
      tile: 'quadSwap 16x32',
      milliseconds: 13.8,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 13.8,
      },
    },
    'f32 TN 1x512x512x256 right': {
      tile: 'quadSwap 32x32',
      milliseconds: 50.7,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 50.7,
      },
    },
    'f32 TN 1x512x512x512': {
      tile: 'quadSwap 32x32',
      milliseconds: 82.4,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 82.4,
      },
    },
    'f32 TN 1x513x513x513': {
      tile: 'quadSwap 32x32',
      milliseconds: 92.2,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 92.2,
      },
    },
    'f32 TN 1x784x256x128 short right': {
      tile: 'quadSwap 16x32',
      milliseconds: 21.3,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 21.3,
      },
    },
    'f32 TN 2x784x128x2048': {
      tile: 'quadSwap 32x32',
      milliseconds: 212,
      model: {
        tile: 'quadSwap 32x32',
        milliseconds: 212,
      },
    },
    'f32 TN 8x64x10x512': {
      tile: 'quadSwap 32x16',
      milliseconds: 4.39,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 4.39,
      },
    },
    'f32 WS 1x6272x16x288 short': {
      tile: 'quadSwap 32x16',
      milliseconds: 31.3,
      model: {
        tile: 'quadSwap 32x16',
        milliseconds: 31.3,
      },
    },
    'f32 WT 1x6272x32x144 short': {
      tile: 'quadSwap 16x32',
      milliseconds: 34.4,
      model: {
        tile: 'quadSwap 16x32',
        milliseconds: 34.4,
      },
    },
  },
};
