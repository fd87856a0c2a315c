#include "jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

enum { DECODED = 0, DAMAGED = 1, FOUR_COMPONENTS = 2 };

struct failure {
  struct jpeg_error_mgr base;
  jmp_buf leave;
  char *message;
};

static void on_error(j_common_ptr info) {
  struct failure *f = (struct failure *)info->err;
  f->base.format_message(info, f->message);
  longjmp(f->leave, 1);
}

// A warning that pixels had to be made up is an error. What only concerns odd
// headers, or bytes to skip between segments, is not.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      on_error(info);
  }
}

static void no_output(j_common_ptr info) { (void)info; }

static int decode(struct jpeg_decompress_struct *info, int reduce, uint8_t *dst,
                  int w, int h, size_t step, char *message) {
  jpeg_read_header(info, TRUE);
  if (info->num_components == 4) return FOUR_COMPONENTS;
  info->out_color_space = JCS_EXT_RGBA;
  info->scale_num = 1;
  info->scale_denom = reduce;
  jpeg_start_decompress(info);
  if ((int)info->output_width != w || (int)info->output_height != h) {
    snprintf(message, CVX_JPEG_MESSAGE, "picture differs in size from its header");
    return DAMAGED;
  }
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = dst + step * info->output_scanline;
    jpeg_read_scanlines(info, &row, 1);
  }
  jpeg_finish_decompress(info);
  return DECODED;
}

int cvx_jpeg_decode(const uint8_t *data, size_t size, int reduce, uint8_t *dst,
                    int w, int h, size_t step, char *message) {
  struct jpeg_decompress_struct info;
  struct failure f;
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&f.base);
  f.base.error_exit = on_error;
  f.base.emit_message = on_message;
  f.base.output_message = no_output;
  f.message = message;
  volatile int result = DAMAGED;  // kept over longjmp
  if (setjmp(f.leave) == 0) {
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, data, size);
    result = decode(&info, reduce, dst, w, h, step, message);
  } else {
    result = DAMAGED;
  }
  jpeg_destroy_decompress(&info);
  return result;
}

static void encode(struct jpeg_compress_struct *info, const uint8_t *src, int w,
                   int h, size_t step, int quality) {
  info->image_width = w;
  info->image_height = h;
  info->input_components = 4;
  info->in_color_space = JCS_EXT_RGBX;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, quality, TRUE);
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < info->image_height) {
    JSAMPROW row = (JSAMPROW)(src + step * info->next_scanline);
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
}

int cvx_jpeg_encode(const uint8_t *src, int w, int h, size_t step, int quality,
                    uint8_t **out, unsigned long *size, char *message) {
  struct jpeg_compress_struct info;
  struct failure f;
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&f.base);
  f.base.error_exit = on_error;
  f.base.output_message = no_output;
  f.message = message;
  volatile int failed = 0;  // kept over longjmp
  *out = NULL;
  *size = 0;
  if (setjmp(f.leave) == 0) {
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, out, size);
    encode(&info, src, w, h, step, quality);
  } else {
    failed = 1;
  }
  jpeg_destroy_compress(&info);
  if (failed) {
    free(*out);
    *out = NULL;
  }
  return failed;
}
