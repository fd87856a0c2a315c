// JPEG by libjpeg itself. OpenCV uses the same library, but lets its warnings
// about damaged data pass to the terminal, and writes only a copy of a picture in
// an order of colours of its own.
#ifndef POINTILLE_CVX_JPEG_H
#define POINTILLE_CVX_JPEG_H

#include <stddef.h>
#include <stdint.h>

#define CVX_JPEG_MESSAGE 256

#ifdef __cplusplus
extern "C" {
#endif

// Decodes into w×h pixels of opaque RGBA at dst, rows step bytes apart, at
// 1/reduce of the size. Returns 0; 1 with text in message where data are
// damaged or of another size; 2 where the picture has four colour components,
// which libjpeg does not turn into RGB.
int cvx_jpeg_decode(const uint8_t *data, size_t size, int reduce, uint8_t *dst,
                    int w, int h, size_t step, char *message);

// Encodes w×h pixels of RGBA, whose alpha is ignored, as OpenCV does, to the
// byte: baseline, 4:2:0, without metadata. Returns 0, and the file in memory of
// malloc; or 1 with text in message.
int cvx_jpeg_encode(const uint8_t *src, int w, int h, size_t step, int quality,
                    uint8_t **out, unsigned long *size, char *message);

#ifdef __cplusplus
}
#endif

#endif
